// Walks through one file: bytes → records, a piece at a time, nothing held open between two steps, so that it may be left at
// any time and gone on with. That the file is still the one that was listed is asked as long as it is read.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { HubError } from '../../../schema/errors.ts';
import type { TableStep } from '../../kit/codec.ts';
import type { SourceRecord, Unreadable } from '../../kit/contract.ts';
import { type FilePlace, refuse, toFileFault, toMark } from './faults.ts';
import { type FileEntry, toFileMark } from './folder.ts';
import type { ObjectPlan } from './settings.ts';
import { type TableFeed, toTableFeed } from './table-feed.ts';

/** What stands in the file, in its order: a record, or a row that is none. */
export type Item = { readonly record: SourceRecord } | { readonly unreadable: Unreadable };

export type Walk = {
  /** The next items; none may come before the end. Throws HUB_SOURCE_… and HUB_MAP_SHAPE with the file and its line. */
  step(): Promise<readonly Item[]>;
  isDone(): boolean;
  /** Of all bytes that were read, hex. */
  sha256(): string;
  columns(): readonly string[] | null;
};

const CHUNK = 262_144;

/** `toRecord` says how a record leaves the file; it is made once the columns are known. */
export function openWalk(
  object: ObjectPlan,
  entry: FileEntry,
  planRecord: (columns: readonly string[]) => (record: SourceRecord) => SourceRecord,
): Walk {
  const place: FilePlace = { ...object.place, file: entry.name };
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK);
  let feed: TableFeed | null = toTableFeed(object.form, object.table, entry.size);
  let columns: readonly string[] | null = null;
  let toRecord: ((record: SourceRecord) => SourceRecord) | null = null;
  let failure: unknown = null;
  let [offset, isRead, isDone] = [0, false, false];

  const toItems = ({ records, unreadable }: TableStep): readonly Item[] => {
    columns ??= feed?.columns() ?? null;
    if (toRecord === null && columns !== null) toRecord = planRecord(columns);
    const items: Item[] = records.map((record) => ({ record: toRecord?.(record) ?? record }));
    if (unreadable.length === 0) return items;
    const apart = unreadable.map(({ raw, message }) => ({
      unreadable: { raw: { ...raw, '@file': entry.name }, message: `${entry.name}: ${message}` },
    }));
    return [...items, ...apart].sort((a, b) => toRow(a) - toRow(b));
  };
  const readOn = async (own: TableFeed, bytes: Buffer | null): Promise<readonly TableStep[]> => {
    if (bytes !== null) return own.step(bytes);
    const last = await own.end();
    isDone = last === null;
    return last === null ? [] : [last];
  };
  const readNext = async (): Promise<Buffer | null> => {
    if (isRead) return null;
    const bytes = chunk.subarray(0, await readChunk(entry, place, chunk, offset));
    hash.update(bytes);
    offset += bytes.length;
    isRead = bytes.length === 0;
    return isRead ? null : bytes;
  };
  return {
    isDone: () => isDone,
    sha256: () => hash.copy().digest('hex'),
    columns: () => columns,
    async step() {
      if (failure !== null) throw failure;
      if (feed === null) return [];
      const bytes = await readNext();
      try {
        const items = (await readOn(feed, bytes)).flatMap(toItems);
        columns ??= feed.columns();
        if (isDone) feed = null;
        return items;
      } catch (error) {
        // A walk may be kept for its fault, but not the file with it.
        feed = null;
        failure = toPlaced(error, place);
        throw failure;
      }
    },
  };
}

function toRow(item: Item): number {
  return Number('record' in item ? item.record['@row'] : item.unreadable.raw['@row']);
}

async function readChunk(entry: FileEntry, place: FilePlace, chunk: Buffer, offset: number): Promise<number> {
  const file = await open(entry.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((error) => {
    throw toOpenFault(error, place);
  });
  try {
    if (toFileMark(await file.stat({ bigint: true })) !== entry.mark) throw toChanged(place);
    const { bytesRead } = await file.read(chunk, 0, chunk.length, offset);
    return bytesRead;
  } catch (error) {
    throw toFileFault(error, place, 'look');
  } finally {
    await file.close();
  }
}

export function toChanged(place: FilePlace): HubError {
  return refuse(
    'HUB_SOURCE_FORMAT',
    place,
    'changed while it was being read; it is read again when it has been left alone for long enough',
  );
}

function toOpenFault(error: unknown, place: FilePlace): HubError {
  switch (toMark(error)) {
    case 'ENOENT':
      return refuse('HUB_SOURCE_CURSOR', place, 'is not in the folder any more');
    case 'EACCES':
    case 'EPERM':
      return refuse('HUB_SOURCE_FORMAT', place, "may not be read: give the hub's user rights to read it");
    case 'ELOOP':
      return toChanged(place);
    default:
      return toFileFault(error, place, 'look');
  }
}

/** A codec knows lines and rows, not files. */
function toPlaced(error: unknown, place: FilePlace): unknown {
  if (!(error instanceof HubError)) return error;
  const { message } = refuse(error.code, place, error.message);
  return new HubError(error.code, message, { place: { ...place, ...error.place }, cause: error });
}
