import { describe, expect, it } from 'vitest'
import { addressOf, networkOf, rememberAddress } from './client-address.ts'

describe('The address attempts are counted by', () => {
  it('is the network of an IPv6 client, however it is written, and an IPv4 address itself', () => {
    for (const [address, network] of [
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
      ['2001:0DB8:1:2::9', '2001:db8:1:2::/64'],
      ['2001:db8::7', '2001:db8:0:0::/64'],
      ['fe80::1%eth0', 'fe80:0:0:0::/64'],
      ['::ffff:192.0.2.7', '192.0.2.7'],
      ['192.0.2.7', '192.0.2.7'],
      ['::1', '::1'],
      ['', ''],
    ] as const)
      expect(networkOf(address), address).toBe(network)
  })

  it('is what is remembered beside a request', () => {
    const request = new Request('http://example.invalid/')
    rememberAddress(request, '2001:db8:1:2:3:4:5:6')
    expect(addressOf(request)).toBe('2001:db8:1:2::/64')
  })
})
