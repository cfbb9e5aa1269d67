// A zip of parts, as a spreadsheet program packs a workbook: one after the other, deflated, without times, so that the same
// content is always the same bytes.
import { crc32, deflateRawSync } from 'node:zlib';

export type Part = { readonly name: string; readonly data: Buffer };

const VERSION = 20;
const UTF8_NAMES = 0x800;
const DEFLATED = 8;
/** 1980-01-01, the first day that a zip knows. */
const DATE = 0x21;

export function toZip(parts: readonly Part[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data } of parts) {
    const bytes = Buffer.from(name);
    const packed = deflateRawSync(data);
    const fields = toFields(data, packed, bytes.length);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, bytes, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02'), toVersion(), fields, place, bytes);
    pieces.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...pieces, central, toEnd(parts.length, central.length, at)]);
}

/** What both headers have: version needed, flags, method, time, checksum, sizes, lengths of the name and of nothing more. */
function toFields(data: Buffer, packed: Buffer, nameLength: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(UTF8_NAMES, 2);
  fields.writeUInt16LE(DEFLATED, 4);
  fields.writeUInt16LE(DATE, 8);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(nameLength, 22);
  return fields;
}

function toVersion(): Buffer {
  const version = Buffer.alloc(2);
  version.writeUInt16LE(VERSION);
  return version;
}

function toEnd(count: number, size: number, at: number): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return end;
}
