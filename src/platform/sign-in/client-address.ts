/** Where a request came from, as the server that took it knows; a worker or a test may not. */
const addresses = new WeakMap<Request, string>()

/** Keeps what the server knows of a request beside it: nothing a client sends can say it. */
export function rememberAddress(request: Request, address: string): void {
  addresses.set(request, networkOf(address))
}

/**
 * The address of a client as attempts are counted by it: of IPv6 the network of 64 bits, for each client has one with more
 * addresses than anybody could count; of IPv4 within IPv6 the IPv4 address.
 */
export function networkOf(address: string): string {
  const within = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1]
  if (within !== undefined) return within
  if (!address.includes(':') || address === '::1') return address
  const [left = '', right] = address.split('%', 1).join('').split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const known = groups(left)
  const zeros = right === undefined ? 0 : 8 - known.length - groups(right).length
  const all = [...known, ...Array<string>(zeros).fill('0'), ...groups(right ?? '')]
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** The address a request came from; empty where it is not known. */
export function addressOf(request: Request): string {
  return addresses.get(request) ?? ''
}
