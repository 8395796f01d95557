import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Networks of IPv4 that are no hosts of the internet: IANA's registry of special-purpose addresses (RFC 6890), and one of a cloud. */
const special4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared behind providers; a cloud's metadata (Alibaba)
  ['127.0.0.0', 8], // this machine
  ['168.63.129.16', 32], // what Azure serves its machines from, though its number is a public one
  ['169.254.0.0', 16], // link-local; the metadata of most clouds
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocols; a cloud's metadata (Oracle)
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // relays from IPv6
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // groups
  ['240.0.0.0', 4], // reserved, and everybody
];

/** The part of IPv6 that hosts of the internet are in. All else is this machine, a link, a site, a group, or an address of IPv4 in disguise. */
const global6 = ['2000::', 3] as const;

/** Networks in that part that are none, or carry an address of IPv4. */
const special6: readonly (readonly [string, number])[] = [
  ['2001::', 23], // protocols; Teredo, which carries IPv4
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4, which carries IPv4
  ['3fff::', 20], // documentation
];

/**
 * True of an address of a host of the internet: no private, shared, link-local or unique-local address, none of this machine, of a
 * group or of documentation, nor one of IPv6 that stands for one of IPv4. What clouds tell their machines about themselves
 * (metadata) is in none of the networks that are left.
 *
 * @param address as `isIP` knows it; false of anything else.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !listOf(special4, 'ipv4').check(address, 'ipv4');
    case 6:
      // A zone (`%eth0`) belongs to a link.
      return (
        !address.includes('%') &&
        listOf([global6], 'ipv6').check(address, 'ipv6') &&
        !listOf(special6, 'ipv6').check(address, 'ipv6')
      );
    default:
      return false;
  }
}

/** True of a public address that is not one of this machine's own: what a firewall keeps from others it would not keep from us. */
export function isForeignAddress(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return isPublicAddress(address) && own.every((entry) => entry.address !== address);
}

function listOf(networks: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family);
  return list;
}
