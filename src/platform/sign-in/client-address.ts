/** Where a request came from, as the server that took it knows; a worker or a test may not. */
const addresses = new WeakMap<Request, string>()

/** Keeps what the server knows of a request beside it: nothing a client sends can say it. */
export function rememberAddress(request: Request, address: string): void {
  addresses.set(request, address)
}

/** The address a request came from; empty where it is not known. */
export function addressOf(request: Request): string {
  return addresses.get(request) ?? ''
}
