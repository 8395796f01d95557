import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isForeignAddress, isPublicAddress } from './public-address.ts';

describe('isPublicAddress', () => {
  it.each([
    // The neighbours of the special networks, and hosts that everybody knows.
    ['1.0.0.0'],
    ['8.8.8.8'],
    ['9.255.255.255'],
    ['11.0.0.0'],
    ['100.63.255.255'],
    ['100.128.0.0'],
    ['126.255.255.255'],
    ['128.0.0.0'],
    ['168.63.129.15'],
    ['168.63.129.17'],
    ['169.253.255.255'],
    ['169.255.0.0'],
    ['172.15.255.255'],
    ['172.32.0.0'],
    ['191.255.255.255'],
    ['192.0.1.0'],
    ['192.0.3.0'],
    ['192.88.98.255'],
    ['192.88.100.0'],
    ['192.167.255.255'],
    ['192.169.0.0'],
    ['198.17.255.255'],
    ['198.20.0.0'],
    ['198.51.99.255'],
    ['198.51.101.0'],
    ['203.0.112.255'],
    ['203.0.114.0'],
    ['223.255.255.255'],
    ['2001:200::'],
    ['2001:4860:4860::8888'],
    ['2001:db7:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db9::'],
    ['2003::'],
    ['2606:4700:4700::1111'],
    ['3ffe:ffff::1'],
    ['3fff:1000::'],
  ])('is true of %s', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    ['0.0.0.0'],
    ['0.255.255.255'],
    ['10.0.0.0'],
    ['10.255.255.255'],
    ['100.64.0.0'],
    ['100.100.100.200'],
    ['100.127.255.255'],
    ['127.0.0.1'],
    ['127.255.255.255'],
    ['168.63.129.16'],
    ['169.254.0.0'],
    ['169.254.169.254'],
    ['169.254.255.255'],
    ['172.16.0.0'],
    ['172.31.255.255'],
    ['192.0.0.192'],
    ['192.0.2.1'],
    ['192.88.99.1'],
    ['192.168.0.0'],
    ['192.168.255.255'],
    ['198.18.0.0'],
    ['198.19.255.255'],
    ['198.51.100.1'],
    ['203.0.113.255'],
    ['224.0.0.1'],
    ['239.255.255.255'],
    ['240.0.0.0'],
    ['255.255.255.255'],
    ['::'],
    ['::1'],
    // IPv4 in IPv6: mapped, compatible, translated, 6to4, Teredo.
    ['::ffff:127.0.0.1'],
    ['::ffff:10.0.0.1'],
    ['::ffff:a9fe:a9fe'],
    ['::ffff:8.8.8.8'],
    ['::7f00:1'],
    ['64:ff9b::7f00:1'],
    ['64:ff9b:1::7f00:1'],
    ['2002:7f00:1::'],
    ['2001:0:7f00:1::'],
    ['100::1'],
    ['2001::1'],
    ['2001:1ff:ffff::'],
    ['2001:db8::1'],
    ['3fff::1'],
    ['3fff:fff:ffff::'],
    ['5f00::1'],
    ['fc00::1'],
    ['fd00:ec2::254'],
    ['fe80::1'],
    ['fe80::1%eth0'],
    ['2606:4700::1%eth0'],
    ['fec0::1'],
    ['ff02::1'],
    ['localhost'],
    ['127.1'],
    [''],
  ])("is false of '%s'", (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('isForeignAddress', () => {
  it("is false of this machine's own addresses, even public ones", () => {
    const own = Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map(({ address }) => address));
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter(isForeignAddress)).toEqual([]);
    expect(isForeignAddress('8.8.8.8')).toBe(true);
    expect(isForeignAddress('10.1.2.3')).toBe(false);
  });
});
