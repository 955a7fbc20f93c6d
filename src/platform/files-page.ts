import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A file of the browsable page. */
export interface PageFile {
  readonly type: string
  readonly bytes: Uint8Array | string
}

const folder = (): string => dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

const ofTheLibrary: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}

const html = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>清流接口 · Qingliu API</title>
<link rel="icon" type="image/png" href="favicon-32x32.png">
<link rel="stylesheet" href="swagger-ui.css">
<link rel="stylesheet" href="page.css">
</head>
<body>
<div id="page"><p>正在载入接口说明…… Loading the API. 需要启用脚本 Scripts are needed; without them read <a href="../openapi.json">openapi.json</a>.</p></div>
<script src="swagger-ui-bundle.js"></script>
<script src="page.js"></script>
</body>
</html>
`

// A key of its own for every write that is tried from the page, unless the person gave one.
const script = `SwaggerUIBundle({
  url: '../openapi.json',
  dom_id: '#page',
  deepLinking: true,
  filter: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
  validatorUrl: null,
  requestInterceptor(request) {
    const key = request.headers['Idempotency-Key']
    if (key === undefined || key === '') {
      if (request.method !== 'GET' && request.method !== 'HEAD') request.headers['Idempotency-Key'] = crypto.randomUUID()
    }
    return request
  },
})
`

const style = 'body { margin: 0 } #page > p { padding: 2rem; font-family: sans-serif }\n'

/** The browsable page of the API by the name of each of its files: from this origin alone, without inline script. */
export async function pageFile(name: string): Promise<PageFile | undefined> {
  if (name === '') return { type: 'text/html; charset=utf-8', bytes: html }
  if (name === 'page.js') return { type: 'text/javascript; charset=utf-8', bytes: script }
  if (name === 'page.css') return { type: 'text/css; charset=utf-8', bytes: style }
  const type = Object.hasOwn(ofTheLibrary, name) ? ofTheLibrary[name] : undefined
  return type === undefined ? undefined : { type, bytes: await readFile(join(folder(), name)) }
}
