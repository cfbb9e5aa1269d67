// Names on their way to a connection: judged when they are resolved, each time anew.
import type { LookupAddress, lookup } from 'node:dns';
import { describe, expect, test } from '@jest/globals';
import { HubError } from '../../../schema/errors.ts';
import { toLookup } from './lookup.ts';
import { PUBLIC_TARGETS, toTargets } from './targets.ts';

const refuse = () => new HubError('HUB_SOURCE_TARGET', 'refused');
/** A name server that answers the next list at each question. */
const toResolver = (...answers: string[][]) =>
  ((_: string, __: object, callback: (error: null, addresses: LookupAddress[]) => void) =>
    callback(
      null,
      (answers.shift() ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as typeof lookup;
const resolve = (look: ReturnType<typeof toLookup>, all: boolean) =>
  new Promise((done) =>
    look('service.example', { all }, (error, address) => done(error === null ? address : error)),
  );
const toLook = (resolver: typeof lookup, targets = PUBLIC_TARGETS) =>
  toLookup(new URL('http://service.example:8080/'), targets, refuse, resolver);
const REFUSED = { code: 'HUB_SOURCE_TARGET' };

describe('a name', () => {
  test.each([[true], [false]])('that leads to public addresses is resolved (all: %s)', async (all) => {
    const look = toLook(toResolver(['1.1.1.1', '2606:4700::1111']));
    const both = [
      { address: '1.1.1.1', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ];
    expect(await resolve(look, all)).toEqual(all ? both : '1.1.1.1');
  });

  test('that leads to a private address is refused, also where it is one among public ones', async () => {
    for (const answer of [['10.0.0.1'], ['1.1.1.1', '127.0.0.1'], ['::ffff:127.0.0.1', '1.1.1.1'], []])
      expect(await resolve(toLook(toResolver(answer)), true)).toMatchObject(REFUSED);
  });

  test('that is answered for otherwise a moment later (DNS rebinding) is refused then', async () => {
    const look = toLook(toResolver(['1.1.1.1'], ['169.254.169.254']));
    expect(await resolve(look, false)).toBe('1.1.1.1');
    expect(await resolve(look, false)).toMatchObject(REFUSED);
  });

  test('that is allowed leads wherever it leads, on the port that is allowed', async () => {
    const resolver = () => toResolver(['10.0.0.1']);
    expect(await resolve(toLook(resolver(), toTargets(['service.example:8080'])), false)).toBe('10.0.0.1');
    expect(await resolve(toLook(resolver(), toTargets(['service.example:80'])), false)).toMatchObject(
      REFUSED,
    );
  });
});

test.each([
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f.0.0.1/',
  'http://0177.0.0.1/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[fe80::1]/',
  'https://10.0.0.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://１２７.0.0.1/',
])('an address that stands in the URL itself is refused before anything is connected: %s', (url) => {
  expect(() => toLookup(new URL(url), PUBLIC_TARGETS, refuse)).toThrow('refused');
});
