// The dry run of one feed: what a first load would read, a few pages of it, mapped and thrown away. Nothing is written, no file
// is put away, and the calls are booked in the pace that the department allows.
import type { ObjectShape, Page, SelectRequest, Source } from '../../connectors/kit/contract.ts';
import type { UnitType } from '../../connectors/kit/manifest/model.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { isHubError } from '../../schema/errors.ts';
import { findColumn } from '../drift/plan-drift.ts';
import type { Feed } from '../plan/feed.ts';
import { fromMillis, toInstantText, toZone } from '../sync/instant.ts';
import { toMappedPage, withUnreadable } from '../sync/map-page.ts';
import { toFed } from '../sync/missing-columns.ts';
import { type AskedColumns, toAskedColumns } from '../sync/object-columns.ts';
import { readExtends } from '../sync/read-extends.ts';
import { toPlainRequest } from '../sync/scan-request.ts';
import type { FeedTrial, TrialFinding } from './contract.ts';
import { type Sample, toSampleFindings, toTypeTrials } from './judge-sample.ts';

export type TryFeed = {
  /** Absent where it cannot be asked. */
  readonly source?: Source;
  readonly mapping: ObjectMapping;
  readonly types: readonly UnitType[];
  readonly now: number;
  readonly signal: AbortSignal;
  /** Records of the sample; 200. */
  readonly most?: number;
};

type Trying = TryFeed & { readonly source: Source };

const MOST_RECORDS = 200;
const MOST_PAGES = 4;
const DAY_MS = 86_400_000;

/** Never rejects for what the source does: a fault stands in the findings. */
export async function tryFeed(feed: Feed, options: TryFeed): Promise<FeedTrial> {
  if (feed.unsupported !== null)
    return { ...toNothing(feed), state: 'NOT_RUN', findings: [toNote(feed.unsupported, 'warning')] };
  const { source } = options;
  if (feed.asks === 'batches' || source === undefined) return { ...toNothing(feed), state: 'PUSHED' };
  try {
    return await readFeed(feed, { ...options, source });
  } catch (error) {
    if (!isHubError(error)) throw error;
    const id = isHubError(error, 'HUB_SOURCE_SHAPE')
      ? 'M090'
      : isHubError(error, 'HUB_MAP_SHAPE')
        ? 'M091'
        : null;
    const finding = { id, code: error.code, severity: 'error', message: error.message } as const;
    return { ...toNothing(feed), state: 'FAILED', findings: [finding] };
  }
}

/** What is told of a feed that was not read. */
function toNothing({ name }: Feed): FeedTrial {
  const none = { rowsThere: null, files: null, records: 0, notOurs: 0, illegible: 0 };
  return { feed: name, state: 'EMPTY', ...none, types: [], findings: [] };
}

async function readFeed(feed: Feed, options: Trying): Promise<FeedTrial> {
  const { source, mapping, types, now } = options;
  const shapes = await describe(feed, options);
  const missing = shapes === null ? [] : toMissing(feed, mapping, shapes);
  const asked = toAskedColumns(feed, mapping, (name) => shapes?.get(name) ?? null, toZone(feed.zone));
  const rowsThere = asked.rows;
  if (missing.length > 0) return { ...toNothing(feed), state: 'FAILED', rowsThere, findings: missing };
  const { pages, files } = await readPages(feed, asked, options);
  const records = pages.flatMap((page) => page.records);
  const joined = await readExtends(source, mapping, asked, { records });
  const mapped = toMappedPage(feed, mapping, joined, { now, receivedAt: new Date(now).toISOString() });
  const unreadable = pages.flatMap((page) => page.unreadable ?? []);
  const sample: Sample = {
    records: records.length + unreadable.length,
    rows: mapped.rows,
    setAside: withUnreadable(mapped, unreadable),
  };
  const trials = toTypeTrials(feed, types, sample);
  const lacks = shapes === null ? toLacks(feed, mapping, records) : [];
  return {
    feed: feed.name,
    state: sample.records === 0 ? 'EMPTY' : 'READ',
    ...{ rowsThere, files, records: sample.records, notOurs: mapped.notOurs, illegible: unreadable.length },
    types: trials,
    findings: [...lacks, ...toSampleFindings(sample, trials)],
  };
}

// Only what tells what every record has is asked: the others say it in their records.
async function describe(
  feed: Feed,
  { source, mapping, signal }: Trying,
): Promise<ReadonlyMap<string, ObjectShape> | null> {
  if (feed.asks !== 'rows' || !source.capabilities.declares) return null;
  const names = [...new Set([feed.key.object, ...mapping.extends.map(({ object }) => object)])];
  const shapes = await source.describe(names, { signal });
  return new Map(shapes.flatMap((shape, at) => [[names[at] ?? shape.name, shape] as const]));
}

function toMissing(
  feed: Feed,
  mapping: ObjectMapping,
  shapes: ReadonlyMap<string, ObjectShape>,
): readonly TrialFinding[] {
  const isThere = ({ column, joined }: Feed['uses'][number]) => {
    const extend = joined ? mapping.extends.find(({ as }) => column.startsWith(`${as}.`)) : undefined;
    const shape = shapes.get(extend?.object ?? feed.key.object);
    const own = extend === undefined ? column : column.slice(extend.as.length + 1);
    return own.startsWith('@') || shape === undefined || findColumn(shape, own) !== null;
  };
  const gone = feed.uses.filter((use) => !use.optional && !isThere(use)).map(({ column }) => column);
  return [...new Set(gone)].map((column) => toColumnFinding(feed, column, 'error'));
}

// Answers may leave out what is null; a table that states its columns once may not.
function toLacks(
  feed: Feed,
  mapping: ObjectMapping,
  records: readonly Page['records'][number][],
): readonly TrialFinding[] {
  const [first, ...rest] = records.map((record) => mapping.lacks(record));
  const missing = (first ?? []).filter((column) => rest.every((lacks) => lacks.includes(column)));
  const severity = feed.asks === 'deliveries' ? 'error' : 'warning';
  return missing.map((column) => toColumnFinding(feed, column, severity));
}

function toColumnFinding(feed: Feed, column: string, severity: TrialFinding['severity']): TrialFinding {
  const { source, object } = feed.key;
  const message = `${source}/${object} has no column ${toFed(feed, column)}`;
  return { id: 'M090', code: null, severity, message };
}

type Pages = { readonly pages: readonly Page[]; readonly files: number | null };

async function readPages(feed: Feed, asked: AskedColumns, options: Trying): Promise<Pages> {
  const { source, signal, now, most = MOST_RECORDS } = options;
  const { object } = feed.key;
  const request = {
    ...toPlainRequest(feed, asked, source),
    limit: Math.min(feed.pageRows, most),
    digest: false,
  };
  if (feed.asks === 'deliveries') {
    // Those that were taken before too: nothing of them is put away by looking.
    const found = await source.deliveries(object, { again: true, signal });
    const newest = found.at(-1);
    const pages =
      newest === undefined ? [] : await readSome(object, { ...request, delivery: newest.id }, options);
    return { pages, files: found.length };
  }
  for (const backMs of new Set([Math.min(DAY_MS, feed.backfillMs), feed.backfillMs])) {
    const pages = await readSome(object, toBounded(feed, asked, request, now - backMs, now), options);
    if (pages.some(({ records }) => records.length > 0)) return { pages, files: null };
  }
  return { pages: [], files: null };
}

/** The newest day first: it is what will be read from now on; then as far back as a first load goes. */
function toBounded(
  feed: Feed,
  { boundary }: AskedColumns,
  request: SelectRequest,
  fromMs: number,
  toMs: number,
): SelectRequest {
  const { strategy } = feed.key;
  if (strategy === 'snapshot' || (strategy === 'cursor' && feed.fromBeginning)) return request;
  const from = fromMillis(fromMs);
  const bound = boundary?.toCondition(from, []) ?? null;
  return {
    ...request,
    ...(bound === null ? {} : { filter: [...feed.filter, bound] }),
    ...(feed.asks === 'span'
      ? { span: { from: toInstantText(from), to: toInstantText(fromMillis(toMs)) } }
      : {}),
  };
}

async function readSome(object: string, request: SelectRequest, options: Trying): Promise<readonly Page[]> {
  const { source, signal, most = MOST_RECORDS } = options;
  const pages: Page[] = [];
  let records = 0;
  for await (const page of source.scan(object, request, { signal })) {
    pages.push(page);
    records += page.records.length;
    if (page.last || records >= most || pages.length >= MOST_PAGES) break;
  }
  return pages;
}

function toNote(message: string, severity: TrialFinding['severity']): TrialFinding {
  return { id: null, code: null, severity, message };
}
