// A process begins without the loader of TypeScript that its parent may run under.
import { register } from 'tsx/esm/api'

register()
await import('./workbook-process.ts')
