/** A route's name in the OpenAPI document: `get-bills-by-number`. Stable as long as its path is. */
export function operationId({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method}${path.replaceAll(/\/\{(\w+)\}/g, '-by-$1').replaceAll(/[/.]/g, '-')}`
}
