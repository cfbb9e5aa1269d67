// A workbook as a zip of parts (ECMA-376, Open Packaging): its directory is judged as a whole before anything is unpacked,
// and what is unpacked is held to what the directory said. Zips within the zip, macros and pictures are never opened.
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { isHubError } from '../../../schema/errors.ts';
import type { Bounds } from './bounds.ts';
import { toDisguise } from './disguise.ts';
import { toDamaged, toFormat, toLimit } from './fault.ts';

/** Names are the zip's, without regard to case, as Excel takes them. */
export type Package = {
  has(name: string): boolean;
  /** Unpacked, in pieces. HUB_SOURCE_FORMAT when it is not there, or not what the directory says. */
  read(name: string): AsyncIterable<Buffer>;
};

const CUT_OFF = 'is cut off or damaged: its directory of parts cannot be read; copy it again';
/** A part's own header before its bytes. */
const LOCAL_HEADER = 30;

export async function openPackage(bytes: Buffer, bounds: Bounds): Promise<Package> {
  const disguise = toDisguise(bytes);
  if (disguise !== null) throw toFormat(disguise);
  const { zip, entries } = await readDirectory(bytes, bounds);
  const parts = toParts(entries, bounds);
  return {
    has: (name) => parts.has(name.toLowerCase()),
    read(name) {
      const entry = parts.get(name.toLowerCase());
      if (entry === undefined) throw toDamaged(name, 'is not there');
      return readPart(zip, entry);
    },
  };
}

async function readDirectory(
  bytes: Buffer,
  bounds: Bounds,
): Promise<{ readonly zip: ZipFile; readonly entries: readonly Entry[] }> {
  const entries: Entry[] = [];
  try {
    const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true });
    for await (const entry of zip.eachEntry()) {
      if (entries.length >= bounds.parts) throw toLimit(`has more than ${bounds.parts} parts`);
      entries.push(entry);
    }
    return { zip, entries };
  } catch (error) {
    throw isHubError(error) ? error : toFormat(CUT_OFF);
  }
}

function toParts(entries: readonly Entry[], bounds: Bounds): ReadonlyMap<string, Entry> {
  const parts = new Map<string, Entry>();
  for (const entry of entries) {
    const name = entry.fileName.toLowerCase();
    if (entry.isEncrypted()) throw toFormat('is protected by a password: save it without one');
    if (!entry.canDecodeFileData())
      throw toFormat('is packed in a way that Excel does not use: save it anew');
    if (parts.has(name)) throw toDamaged(entry.fileName, 'is there twice');
    parts.set(name, entry);
  }
  refuseOverlap(entries);
  refuseBomb(entries, bounds);
  return parts;
}

/** Parts that share their bytes are how a small zip unpacks to more than any ratio tells. */
function refuseOverlap(entries: readonly Entry[]): void {
  const inOrder = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  let end = 0;
  for (const { relativeOffsetOfLocalHeader: begin, compressedSize, fileName } of inOrder) {
    if (begin < end) throw toDamaged(fileName, 'shares its bytes with another part');
    end = begin + LOCAL_HEADER + compressedSize;
  }
}

function refuseBomb(entries: readonly Entry[], { unpackedBytes, ratio, ratioFromBytes }: Bounds): void {
  const all = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (all > unpackedBytes) throw toLimit(`unpacks to ${all} bytes, ${unpackedBytes} are allowed`);
  for (const { fileName, uncompressedSize, compressedSize } of entries)
    if (uncompressedSize > ratioFromBytes && uncompressedSize > ratio * compressedSize)
      throw toLimit(`${fileName} unpacks to more than ${ratio} times its size`);
}

async function* readPart(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  let sum = 0;
  try {
    for await (const piece of await zip.openReadStreamPromise(entry)) {
      const bytes: Buffer = piece;
      sum = crc32(bytes, sum);
      yield bytes;
    }
  } catch (error) {
    throw isHubError(error) ? error : toDamaged(entry.fileName, 'cannot be unpacked');
  }
  if (sum !== entry.crc32) throw toDamaged(entry.fileName, 'does not have the checksum that it should have');
}
