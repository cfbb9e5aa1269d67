import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkAccess, toViewer } from './use-viewer.ts';

const toKey = (id: string, text: string) => ({ id, sha256: createHash('sha256').update(text).digest('hex') });
const KEYS = [toKey('desk', 'alpha'), toKey('screen', 'beta')];

describe('the viewer of a request', () => {
  test('is the local one where no key is configured, whatever is sent', () => {
    expect(toViewer({ authorization: 'Bearer x' }, [])).toMatchObject({ id: 'local', kind: 'local' });
  });

  test('is the holder of the key; personal data is in no list of classes', () => {
    expect(toViewer({ 'x-api-key': 'beta' }, KEYS)).toEqual({
      id: 'screen',
      kind: 'key',
      classes: ['public', 'internal', 'sensitive'],
    });
  });

  test('the bearer counts when both headers are sent', () => {
    expect(toViewer({ authorization: 'Bearer alpha', 'x-api-key': 'beta' }, KEYS).id).toBe('desk');
  });

  test('a hash in capital letters is the same hash', () => {
    const [key] = KEYS;
    const keys = [{ id: 'desk', sha256: String(key?.sha256).toUpperCase() }];
    expect(toViewer({ 'x-api-key': 'alpha' }, keys).id).toBe('desk');
  });

  test('nobody gets in with anything else', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('x-api-key', 'authorization'), (text, header) => {
        fc.pre(!['alpha', 'beta'].includes(text.trim()));
        expect(() => toViewer({ [header]: text }, KEYS)).toThrow(
          expect.objectContaining({ code: 'HUB_AUTH_REQUIRED' }),
        );
      }),
    );
  });
});

describe('the configuration of access', () => {
  test.each(['127.0.0.1', '::1', 'localhost'])('needs no key on %s', (host) => {
    expect(() => checkAccess(host, [])).not.toThrow();
  });

  test('needs one everywhere else', () => {
    expect(() => checkAccess('0.0.0.0', KEYS)).not.toThrow();
    expect(() => checkAccess('0.0.0.0', [])).toThrow(
      'Access is not configured: without keys the gateway listens on 127.0.0.1 only, but got: 0.0.0.0; configure a key first.',
    );
  });
});
