// Reads deliveries: a whole pass first that keeps nothing, so that a file that cannot be read is refused before any of its
// records was handed out; then its pages. Both may be left at any time and gone on with: a deadline costs no work twice.
import { isHubError } from '../../../schema/errors.ts';
import type { Page, SelectRequest, SourceRecord } from '../../kit/contract.ts';
import { toRecordPlan } from './columns.ts';
import { parseCursor, toCursor, toPrint } from './cursor.ts';
import { type FilePlace, refuse } from './faults.ts';
import { type Fingerprints, parseDeliveryId } from './fingerprint.ts';
import type { FileEntry, Folder } from './folder.ts';
import type { FolderPlan, ObjectPlan } from './settings.ts';
import { type Item, openWalk, toChanged, type Walk } from './walk.ts';

/** What a file itself is guilty of: the same at every reading. */
const OF_THE_FILE = [
  'HUB_SOURCE_ENCODING',
  'HUB_SOURCE_FORMAT',
  'HUB_SOURCE_LIMIT',
  'HUB_MAP_SHAPE',
] as const;
const MOST_KEPT = 8;

type Proof = { readonly walk: Walk; fault: Error | null };
/** `at`: how many items lie before the first of `ahead`. */
type Reading = { readonly walk: Walk; ahead: Item[]; at: number };

export type Readings = {
  page(object: ObjectPlan, request: SelectRequest, signal: AbortSignal): Promise<Page>;
};

export function openReadings(plan: FolderPlan, folder: Folder, fingerprints: Fingerprints): Readings {
  const proofs = openShelf<Proof>();
  const readings = openShelf<Reading>();

  const find = async (object: ObjectPlan, id: string, signal: AbortSignal): Promise<FileEntry> => {
    const named = parseDeliveryId(id);
    const place: FilePlace = { ...object.place, ...(named === null ? {} : { file: named.name }) };
    if (named === null || object.match(named.name) === null)
      throw refuse('HUB_SOURCE_CURSOR', place, 'no delivery of this object has such an id');
    const entry = await folder.find(named.name);
    if (entry === null) throw refuse('HUB_SOURCE_CURSOR', place, 'is not in the folder any more');
    const sha256 = await fingerprints.of(entry, signal);
    if (sha256 !== named.sha256) throw toChanged(place);
    if (entry.size > plan.fileBytes)
      throw refuse(
        'HUB_SOURCE_LIMIT',
        place,
        `has ${entry.size} bytes, \`limits.fileBytes\` allows ${plan.fileBytes}: raise it or send less at once`,
      );
    return entry;
  };
  const prove = async (
    key: string,
    object: ObjectPlan,
    entry: FileEntry,
    id: string,
    signal: AbortSignal,
  ) => {
    const proof = proofs.take(key) ?? { walk: openWalk(object, entry, asIs), fault: null };
    try {
      while (proof.fault === null && !proof.walk.isDone()) {
        await proof.walk.step();
        signal.throwIfAborted();
      }
      if (proof.fault === null && proof.walk.sha256() !== parseDeliveryId(id)?.sha256)
        proof.fault = toChanged({ ...object.place, file: entry.name });
    } catch (error) {
      if (!isHubError(error, ...OF_THE_FILE)) throw error;
      proof.fault = error;
    } finally {
      proofs.put(key, proof);
    }
    if (proof.fault !== null) throw proof.fault;
  };
  const toReading = (object: ObjectPlan, entry: FileEntry, request: SelectRequest): Reading => {
    const place = { ...object.place, file: entry.name };
    const own = { '@file': entry.name, ...object.match(entry.name) };
    const planRecord = toRecordPlan(request.columns, plan.ignoreCase, own, place);
    return { walk: openWalk(object, entry, planRecord), ahead: [], at: 0 };
  };

  return {
    async page(object, request, signal) {
      const { delivery: id = '', after, columns } = request;
      const entry = await find(object, id, signal);
      const print = toPrint(object.name, id, request);
      const start =
        after === undefined ? 0 : parseCursor(after, print, { ...object.place, file: entry.name });
      await prove([object.name, id, entry.mark].join('\n'), object, entry, id, signal);
      const toKey = (at: number) => [print, entry.mark, at, ...columns].join('\n');
      const reading = readings.take(toKey(start)) ?? toReading(object, entry, request);
      const items = await toItems(reading, start, Math.min(request.limit, plan.pageRows), signal).catch(
        (error) => {
          if (signal.aborted) readings.put(toKey(start), reading);
          throw error;
        },
      );
      if (!isAtEnd(reading)) readings.put(toKey(reading.at), reading);
      const unreadable = items.flatMap((item) => ('unreadable' in item ? [item.unreadable] : []));
      return {
        records: items.flatMap((item) => ('record' in item ? [item.record] : [])),
        cursor: items.length === 0 ? (after ?? null) : toCursor(print, reading.at),
        last: isAtEnd(reading),
        ...(isAtEnd(reading) ? { counted: true as const } : {}),
        unpushed: request.filter ?? [],
        ...(unreadable.length === 0 ? {} : { unreadable }),
      };
    },
  };
}

const asIs = () => (record: SourceRecord) => record;

const isAtEnd = ({ walk, ahead }: Reading) => walk.isDone() && ahead.length === 0;

/** The items from `start` on, `limit` at most; knows afterwards whether anything lies behind them. */
async function toItems(
  reading: Reading,
  start: number,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Item[]> {
  const skip = () => {
    const passed = Math.min(start - reading.at, reading.ahead.length);
    if (passed <= 0) return;
    reading.ahead.splice(0, passed);
    reading.at += passed;
  };
  skip();
  while (!reading.walk.isDone() && (reading.at < start || reading.ahead.length <= limit)) {
    reading.ahead.push(...(await reading.walk.step()));
    signal.throwIfAborted();
    skip();
  }
  const items = reading.ahead.splice(0, limit);
  reading.at += items.length;
  return items;
}

/** Keeps a few things by name. What is taken is nobody else's until it is put back. */
function openShelf<T>() {
  const kept = new Map<string, T>();
  return {
    take(key: string): T | undefined {
      const found = kept.get(key);
      kept.delete(key);
      return found;
    },
    put(key: string, value: T): void {
      kept.delete(key);
      kept.set(key, value);
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? '');
    },
  };
}
