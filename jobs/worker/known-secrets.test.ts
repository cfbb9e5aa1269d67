// Secrets anywhere in a source's keys: found before anything is opened, never printed.

import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import type { Known } from '../../connectors/kit/contract.ts';
import type { SourceSpec } from '../../connectors/kit/manifest/model.ts';
import { toSecretNames, withSecrets } from './known-secrets.ts';

const SPEC = {
  url: { secret: 'URL' },
  settings: {
    auth: { query: { userId: { secret: 'USER' }, pwd: { secret: 'PASSWORD' } } },
    repair: ['jsonp'],
  },
  objects: [
    { name: 'a', settings: { request: { body: { list: [{ secret: 'KEY' }, { slot: 'columns' }, 7] } } } },
  ],
} as unknown as SourceSpec;

test('every secret that a source names is found, wherever it stands', () => {
  expect(toSecretNames(SPEC)).toEqual(['URL', 'USER', 'PASSWORD', 'KEY']);
});

test('the password that frames show is named beside its column', () => {
  const auth = { frame: { column: 'PW', secret: 'PASSWORD' } };
  expect(toSecretNames({ ...SPEC, url: null, settings: { auth }, objects: [] })).toEqual(['PASSWORD']);
  const { frame } = withSecrets(auth, (name) => `value of ${name}`) as {
    frame: { column: string; secret: Known };
  };
  expect([frame.column, frame.secret.reveal(), String(frame.secret)]).toEqual([
    'PW',
    'value of PASSWORD',
    '***',
  ]);
});

test('a secret stands in its place with its value, and prints as stars', () => {
  const { auth, repair } = withSecrets(SPEC.settings, (name) => `value of ${name}`) as {
    auth: { query: { pwd: Known } };
    repair: unknown;
  };
  expect(auth.query.pwd.reveal()).toBe('value of PASSWORD');
  expect(`${JSON.stringify(auth)} ${auth.query.pwd} ${inspect(auth, { depth: 9 })}`).not.toContain(
    'value of',
  );
  expect(repair).toEqual(['jsonp']);
});
