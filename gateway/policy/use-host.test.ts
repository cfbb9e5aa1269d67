import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkHost } from './use-host.ts';

const KEYS = [{ id: 'desk', sha256: '0'.repeat(64) }];

describe('the host that a request names', () => {
  test.each(['127.0.0.1', '127.0.0.1:4000', 'localhost:5173', 'LocalHost', '[::1]', '[::1]:65535'])(
    'may be %s without keys',
    (host) => {
      expect(() => checkHost(host, [])).not.toThrow();
    },
  );

  test.each([
    'evil.example',
    'evil.example:4000',
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    'evil.localhost',
    '127.0.0.1@evil.example',
    '127.0.0.1:4000,evil.example',
    '127.0.0.1:4000:4000',
    '127.0.0.1\nevil.example',
    '0.0.0.0:4000',
    '[::2]',
    '',
    undefined,
  ])('may not be %j without keys', (host) => {
    expect(() => checkHost(host, [])).toThrow(expect.objectContaining({ code: 'HUB_AUTH_HOST' }));
  });

  test('is not looked at where keys are configured: they are the lock', () => {
    fc.assert(fc.property(fc.string(), (host) => expect(() => checkHost(host, KEYS)).not.toThrow()));
  });

  test('is not repeated in the refusal', () => {
    expect(() => checkHost('who.example', [])).toThrow(expect.not.stringContaining('who.example'));
  });
});
