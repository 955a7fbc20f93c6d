/** A stylesheet, script or icon of the pages; its version changes with its bytes. */
export interface Asset {
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly version: string
}
