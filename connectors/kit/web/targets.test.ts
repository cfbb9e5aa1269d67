// Which addresses a source over HTTP may connect to, in whatever spelling they come.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAllowance, PUBLIC_TARGETS, type Targets, toTargets } from './targets.ts';

const allows = (targets: Targets, address: string, host = 'service.example', port = 80) =>
  targets.allow(address, { host, port });

describe('without an allowance', () => {
  test.each([
    ['this machine', ['127.0.0.1', '127.255.0.3', '0.0.0.0', '::1', '::']],
    [
      'this machine, mapped',
      ['::ffff:127.0.0.1', '::ffff:7f00:1', '::127.0.0.1', '0:0:0:0:0:ffff:7f00:0001'],
    ],
    ['private networks', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1']],
    ['private networks, mapped', ['::ffff:10.1.2.3', '::FFFF:C0A8:0101']],
    ['private networks behind a translation', ['64:ff9b::10.0.0.1', '2002:a00:1::', '2001:0:1::1']],
    ['unique local addresses', ['fc00::1', 'fdff:ffff::1']],
    ['the link', ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', '::ffff:169.254.169.254']],
    [
      'groups, tests and what is reserved',
      ['224.0.0.1', '255.255.255.255', '198.18.0.1', '203.0.113.9', 'ff02::1', '2001:db8::1'],
    ],
    ['what is no address', ['', 'localhost', '127.0.0.1.', '1.2.3', 'fe80::g']],
  ])('%s is refused', (_, addresses) => {
    expect(addresses.filter((address) => allows(PUBLIC_TARGETS, address))).toEqual([]);
  });

  test.each([
    '1.1.1.1',
    '172.32.0.1',
    '172.15.255.255',
    '11.0.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '::ffff:1.1.1.1',
  ])('%s is allowed', (address) => expect(allows(PUBLIC_TARGETS, address)).toBe(true));

  test('a private IPv4 address is refused as itself and within IPv6', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.constantFrom('10', '127'), octet, octet, octet, (first, a, b, c) => {
        const address = [first, a, b, c].join('.');
        for (const spelling of [address, `::ffff:${address}`, `::${address}`, `64:ff9b::${address}`])
          expect(allows(PUBLIC_TARGETS, spelling)).toBe(false);
      }),
    );
  });
});

describe('an allowance', () => {
  test('of a range opens what lies in it, mapped or not, and nothing beside', () => {
    const targets = toTargets(['10.20.0.0/16', 'fd12::/16']);
    for (const address of ['10.20.0.1', '10.20.255.255', '::ffff:10.20.3.4', 'fd12::1'])
      expect(allows(targets, address)).toBe(true);
    for (const address of ['10.21.0.1', '127.0.0.1', 'fd13::1']) expect(allows(targets, address)).toBe(false);
  });

  test('of an address and a port opens these alone', () => {
    const targets = toTargets(['127.0.0.1:15480', '[::1]:443']);
    expect(allows(targets, '127.0.0.1', '127.0.0.1', 15480)).toBe(true);
    expect(allows(targets, '::1', '::1', 443)).toBe(true);
    expect(allows(targets, '127.0.0.1', '127.0.0.1', 5432)).toBe(false);
    expect(allows(targets, '127.0.0.2', '127.0.0.2', 15480)).toBe(false);
  });

  test('of a host opens whatever it resolves to, under that name only', () => {
    const targets = toTargets(['Weather.Yz.Gov']);
    expect(allows(targets, '10.1.2.3', 'weather.yz.gov')).toBe(true);
    expect(allows(targets, '10.1.2.3', 'other.yz.gov')).toBe(false);
    expect(allows(targets, '10.1.2.3', 'weather.yz.gov.evil.example')).toBe(false);
  });

  test.each([
    '10.0.0.0/33',
    '10.0.0/8',
    'a/8',
    '10.0.0.0/8/8',
    'http://x',
    'a b',
    '*',
    '',
    'x:port',
    '10.0.0.0/',
  ])('%j is none, and opens nothing', (entry) => {
    expect(isAllowance(entry)).toBe(false);
    expect(allows(toTargets([entry]), '10.0.0.1')).toBe(false);
  });
});
