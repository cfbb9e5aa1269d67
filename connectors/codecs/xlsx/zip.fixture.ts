// Zips for tests, byte by byte: sound ones, and such as no program writes. Parts may lie about themselves.
import { crc32, deflateRawSync } from 'node:zlib';

export type ZipPart = {
  readonly name: string;
  readonly data: Buffer | string;
  readonly stored?: boolean;
  /** Instead of the true one. */
  readonly unpackedBytes?: number;
  readonly crc?: number;
  /** Bit 0: encrypted. */
  readonly flags?: number;
  readonly method?: number;
  /** The part of this name has the bytes: this one's entry points there. */
  readonly sameAs?: string;
};

const UTF8 = 0x800;

export function toZip(parts: readonly ZipPart[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  const places = new Map<string, { readonly at: number; readonly packed: Buffer; readonly data: Buffer }>();
  let at = 0;
  for (const part of parts) {
    const name = Buffer.from(part.name);
    const own = places.get(part.sameAs ?? '');
    const data = own?.data ?? Buffer.from(part.data);
    const method = part.method ?? (part.stored === true ? 0 : 8);
    const packed = own?.packed ?? (method === 8 ? deflateRawSync(data, { level: 9 }) : data);
    const begin = own?.at ?? at;
    const fields = toFields(part, { data, packed, method });
    if (own === undefined) {
      const header = Buffer.concat([Buffer.from('504b0304', 'hex'), fields, toLengths(name), name, packed]);
      places.set(part.name, { at, packed, data });
      pieces.push(header);
      at += header.length;
    }
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(begin, 10);
    directory.push(Buffer.from('504b01021400', 'hex'), fields, toLengths(name), rest, name);
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...pieces, central, end]);
}

type Packed = { readonly data: Buffer; readonly packed: Buffer; readonly method: number };

/** Version needed, flags, method, time, checksum and sizes: the same in both headers. */
function toFields(part: ZipPart, { data, packed, method }: Packed): Buffer {
  const fields = Buffer.alloc(22);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(UTF8 | (part.flags ?? 0), 2);
  fields.writeUInt16LE(method, 4);
  fields.writeUInt32LE(part.crc ?? crc32(data), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(part.unpackedBytes ?? data.length, 18);
  return fields;
}

function toLengths(name: Buffer): Buffer {
  const lengths = Buffer.alloc(4);
  lengths.writeUInt16LE(name.length, 0);
  return lengths;
}
