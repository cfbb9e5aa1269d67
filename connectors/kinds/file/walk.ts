// Walks through one file: bytes → text → records, a chunk at a time, nothing held open between two steps, so that it may
// be left at any time and gone on with. That the file is still the one that was listed is asked at every step.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { HubError } from '../../../schema/errors.ts';
import type { TableReader, TableStep } from '../../kit/codec.ts';
import type { SourceRecord, Unreadable } from '../../kit/contract.ts';
import { type Decoder, toDecoder } from '../../kit/encoding.ts';
import { type FilePlace, refuse, toFileFault, toMark } from './faults.ts';
import { type FileEntry, toFileMark } from './folder.ts';
import type { ObjectPlan } from './settings.ts';

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
  const decoder: Decoder = toDecoder(object.encoding);
  let reader: TableReader | null = null;
  let toRecord: ((record: SourceRecord) => SourceRecord) | null = null;
  let [offset, isDone] = [0, false];

  const decode = (bytes: Buffer): readonly TableStep[] => {
    reader ??= object.codec.open(object.table);
    if (bytes.length > 0) return [reader.step(decoder.step(bytes))];
    return [reader.step(decoder.end()), reader.end()];
  };
  const toItems = ({ records, unreadable }: TableStep): readonly Item[] => {
    const columns = reader?.columns() ?? null;
    if (toRecord === null && columns !== null) toRecord = planRecord(columns);
    const items: Item[] = records.map((record) => ({ record: toRecord?.(record) ?? record }));
    if (unreadable.length === 0) return items;
    const apart = unreadable.map(({ raw, message }) => ({
      unreadable: { raw: { ...raw, '@file': entry.name }, message: `${entry.name}: ${message}` },
    }));
    return [...items, ...apart].sort((a, b) => toRow(a) - toRow(b));
  };
  return {
    isDone: () => isDone,
    sha256: () => hash.copy().digest('hex'),
    columns: () => reader?.columns() ?? null,
    async step() {
      if (isDone) return [];
      const bytes = chunk.subarray(0, await readChunk(entry, place, chunk, offset));
      hash.update(bytes);
      offset += bytes.length;
      isDone = bytes.length === 0;
      try {
        return decode(bytes).flatMap(toItems);
      } catch (error) {
        throw toPlaced(error, place);
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

/** A codec knows lines, not files. */
function toPlaced(error: unknown, place: FilePlace): HubError {
  if (!(error instanceof HubError)) throw error;
  const { message } = refuse(error.code, place, error.message);
  return new HubError(error.code, message, { place: { ...place, ...error.place }, cause: error });
}
