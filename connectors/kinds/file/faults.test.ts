import { expect, test } from '@jest/globals';
import { HubError } from '../../../schema/errors.ts';
import { toFileFault } from './faults.ts';

const place = { unit: 'forestry', source: 'drop', object: 'towers', file: '瞭望塔.csv' };
const thrown = (code: string) => Object.assign(new Error(`${code}: open '/srv/secret'`), { code });

test.each([
  ['EACCES', 'look', 'HUB_SOURCE_UNREACHABLE', /rights to read/],
  ['ENOENT', 'look', 'HUB_SOURCE_UNREACHABLE', /not there/],
  ['EIO', 'look', 'HUB_SOURCE_UNREACHABLE', /does not answer/],
  ['EACCES', 'put', 'HUB_SOURCE_REFUSED', /rights to write/],
  ['EROFS', 'put', 'HUB_SOURCE_REFUSED', /rights to write/],
  ['EEXIST', 'put', 'HUB_SOURCE_REFUSED', /is no folder/],
  ['ENOSPC', 'put', 'HUB_SOURCE_QUERY', /disk is full/],
  ['ESTALE', 'put', 'HUB_SOURCE_UNREACHABLE', /does not answer/],
] as const)('%s while it is %s at is %s', (mark, doing, code, words) => {
  const error = toFileFault(thrown(mark), place, doing);
  expect([error.code, error.place]).toEqual([code, place]);
  expect(error.message).toMatch(words);
  expect(error.message).toContain(`forestry.drop (object towers): 瞭望塔.csv: `);
  expect(error.message).toContain(`[${mark}]`);
  expect(error.message).not.toContain('/srv');
});

test('a coded error passes as it is', () => {
  const error = new HubError('HUB_SOURCE_LIMIT', 'too large');
  expect(toFileFault(error, place, 'put')).toBe(error);
});
