import { describe, expect, test } from '@jest/globals';
import { HOUR } from '../storm/storm.ts';
import { type CapArchive, toArchiveReply } from './cap-archive.ts';
import { BEIJING, toCompact } from './time.ts';
import { toWarnings } from './warnings.ts';
import { CREDENTIALS, START, toWorld } from './weather.fixture.ts';

const SINCE = START - 10 * 24 * HOUR;
const world = toWorld();
const archive: CapArchive = { world, key: CREDENTIALS.capKey, since: SINCE, warnings: toWarnings(world) };
const expected = archive.warnings(SINCE, START).map(({ identifier }) => identifier);

const ask = (query: Readonly<Record<string, string>>, key: string | undefined = 'cap-key', now = START) => {
  const { status, text } = toArchiveReply(archive, new URLSearchParams(query), key, now);
  const [, total] = /<total>(\d+)<\/total>/.exec(text) ?? [];
  const identifiers = [...text.matchAll(/<identifier>(\w+)</g)].map(([, identifier]) => identifier);
  return { status, text, total, identifiers };
};
const SPAN = { from: toCompact(SINCE, BEIJING), to: toCompact(START, BEIJING) };

describe('the archive of warnings', () => {
  test('answers page by page with the total, every warning once', () => {
    expect(expected.length).toBeGreaterThan(50);
    const pages = [1, 2, 3, 4, 5, 6, 7, 8].map((page) => ask({ ...SPAN, page: String(page), size: '20' }));
    for (const { status, total } of pages) expect([status, total]).toEqual([200, String(expected.length)]);
    expect(pages.flatMap(({ identifiers }) => identifiers)).toEqual(expected.slice(0, 160));
    expect(ask({ ...SPAN, page: '999' })).toMatchObject({ total: String(expected.length), identifiers: [] });
  });

  test('has pages of fifty when nothing else is asked for', () => {
    expect(ask(SPAN).identifiers).toEqual(expected.slice(0, 50));
  });

  test('an empty answer has a total of 0', () => {
    const { text } = ask({ from: '20260405100000', to: '20260405110000' });
    expect(text).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<alerts>\n<total>0</total>\n</alerts>');
  });

  test('takes from and to as Beijing time of entry, both ends with it', () => {
    const [first] = archive.warnings(SINCE, START);
    const from = toCompact(first?.sentAt ?? 0, BEIJING);
    expect(ask({ from, to: from }).identifiers).toEqual([first?.identifier]);
  });

  test('never shows a warning that is not sent yet, nor one from before the history', () => {
    const [last] = archive.warnings(SINCE, START).slice(-1);
    const to = toCompact(START + 99 * HOUR, BEIJING);
    const seen = (now: number) =>
      ask({ from: SPAN.from, to, page: String(Math.ceil(expected.length / 50)) }, 'cap-key', now);
    expect(seen(last?.sentAt ?? 0).identifiers).toContain(last?.identifier);
    expect(seen((last?.sentAt ?? 0) - 1).identifiers).not.toContain(last?.identifier);
    expect(ask({ from: '20200101000000', to: SPAN.to }).total).toBe(String(expected.length));
  });

  test.each([undefined, '', 'Cap-Key'])('a wrong key is 401: %p', (key) => {
    const { status, text } = toArchiveReply(archive, new URLSearchParams(SPAN), key, START);
    expect(status).toBe(401);
    expect(text).not.toContain('alert>');
  });

  test.each([
    [{ from: SPAN.from }],
    [{ from: SPAN.to, to: SPAN.from }],
    [{ ...SPAN, from: '2026-04-01' }],
    [{ ...SPAN, page: '0' }],
    [{ ...SPAN, size: '101' }],
    [{ ...SPAN, size: '-1' }],
  ])('a wrong parameter is 400: %j', (query) => {
    expect(ask(query as Record<string, string>).status).toBe(400);
  });
});
