// The archive of warnings: GET /warning/alerts by time of entry, a page at a time, as XML.
import type { Instant } from '../clock/sandbox-clock.ts';
import { tag, toAlertXml } from './cap-xml.ts';
import { BEIJING, parseCompact } from './time.ts';
import type { Warning } from './warnings.ts';
import type { World } from './world.ts';

export type CapArchive = {
  readonly world: World;
  /** X-Api-Key. */
  readonly key: string;
  /** Nothing older is kept. */
  readonly since: Instant;
  warnings(from: Instant, to: Instant): Warning[];
};

export type XmlReply = { readonly status: number; readonly text: string };

const HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n';
const LARGEST_PAGE = 100;

/**
 * 200 with `<alerts><total>…</total><alert>…` (a page past the end has none, and the same total), 401 for a wrong key, 400 for a
 * parameter that is missing or wrong. from and to are Beijing time, YYYYMMDDHHMMSS, both ends with it.
 */
export function toArchiveReply(
  archive: CapArchive,
  query: URLSearchParams,
  key: string | undefined,
  now: Instant,
): XmlReply {
  if (key !== archive.key) return toFault(401, 'X-Api-Key is wrong');
  const [from, to] = ['from', 'to'].map((name) => parseCompact(query.get(name) ?? '', BEIJING));
  if (from === null || from === undefined || to === null || to === undefined || from > to)
    return toFault(400, 'from and to must be YYYYMMDDHHMMSS, from not after to');
  const page = parseCount(query.get('page') ?? '1', 1_000_000);
  const size = parseCount(query.get('size') ?? '50', LARGEST_PAGE);
  if (page === null || size === null)
    return toFault(400, `page must be from 1, size from 1 to ${LARGEST_PAGE}`);
  const found = archive.warnings(Math.max(from, archive.since), Math.min(to, now));
  const shown = found
    .slice((page - 1) * size, page * size)
    .map((warning) => toAlertXml(archive.world, warning));
  return {
    status: 200,
    text: `${HEADER}${['<alerts>', tag('total', String(found.length)), ...shown, '</alerts>'].join('\n')}`,
  };
}

function parseCount(text: string, most: number): number | null {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= most ? count : null;
}

function toFault(status: number, message: string): XmlReply {
  return { status, text: `${HEADER}${tag('error', message)}` };
}
