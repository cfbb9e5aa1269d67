// A station that speaks SL 651: frames written from the text of SL 651-2014 (6.4, 6.5, 6.6), for tests only. Shares nothing
// with the codec.

export type Group = {
  /** Ten digits. */
  readonly station: string;
  readonly type: string;
  /** yyMMddHHmm */
  readonly observedAt: string;
  /** Element's byte → decimal text; null: all F, or M. */
  readonly elements: { readonly [code: string]: string | null };
};
export type Report = {
  readonly center: number;
  /** Ten hexadecimal digits. */
  readonly address: string;
  readonly password: string;
  readonly word: string;
  /** Four hexadecimal digits. */
  readonly serial: string;
  /** yyMMddHHmmss */
  readonly sentAt: string;
  readonly groups: readonly Group[];
};

const WORDS: { readonly [code: string]: string } = {
  '20': 'PJ',
  '22': 'PN05',
  '26': 'PT',
  '27': 'Q',
  '38': 'VT',
  '39': 'Z',
  '02': 'AI',
};
export const ETX = '03';
export const ETB = '17';

export function encodeHex(report: Report, { end = ETX }: { readonly end?: string } = {}): Uint8Array {
  return hexFrame(report, hexBody(report), '02', '', end);
}

/** The body in so many packets (mode M3), the last ended by ETX. */
export function encodeHexPackets(report: Report, total: number): readonly Uint8Array[] {
  return cut(hexBody(report), total, 2).map((body, at) =>
    hexFrame(report, body, '16', digits(total, 3) + digits(at + 1, 3), at + 1 === total ? ETX : ETB),
  );
}

/** The whole body as the packet that `numbers` says: three digits of the total, three of its own. */
export function encodeHexNumbered(report: Report, numbers: string): Uint8Array {
  return hexFrame(report, hexBody(report), '16', numbers, ETX);
}

export function encodeAscii(report: Report, body = asciiBody(report)): Uint8Array {
  return asciiFrame(report, body, '\x02', '', '\x03');
}

export function encodeAsciiPackets(report: Report, total: number): readonly Uint8Array[] {
  return cut(asciiBody(report), total, 1).map((body, at) =>
    asciiFrame(
      report,
      body,
      '\x16',
      digits(total, 3) + digits(at + 1, 3),
      at + 1 === total ? '\x03' : '\x17',
    ),
  );
}

/** Any body, in hexadecimal digits, behind the serial number and the time of sending. */
export function encodeHexBody(report: Omit<Report, 'groups'>, rest: string): Uint8Array {
  return hexFrame({ ...report, groups: [] }, report.serial + report.sentAt + rest, '02', '', ETX);
}

function hexFrame(report: Report, body: string, start: string, packet: string, end: string): Uint8Array {
  const { center, address, password, word } = report;
  const length = digits((packet.length + body.length) / 2, 4);
  const text = `7E7E${digits(center, 2)}${address}${password}${word}${length}${start}${packet}${body}${end}`;
  return Uint8Array.from(Buffer.from(text + digits(modbusCrc(Buffer.from(text, 'hex')), 4), 'hex'));
}

function asciiFrame(report: Report, body: string, start: string, packet: string, end: string): Uint8Array {
  const { center, address, password, word } = report;
  const length = digits(packet.length + body.length, 4);
  const text = `\x01${digits(center, 2)}${address}${password}${word}${length}${start}${packet}${body}${end}`;
  return Uint8Array.from(Buffer.from(text + digits(modbusCrc(Buffer.from(text, 'latin1')), 4), 'latin1'));
}

function hexBody({ serial, sentAt, groups }: Report): string {
  const told = groups.map(({ station, type, observedAt, elements }) => {
    const values = Object.entries(elements).map(([code, value]) => code + packed(value));
    return `F1F1${station}${Buffer.from(type).toString('hex')}F0F0${observedAt}${values.join('')}`;
  });
  return serial + sentAt + told.join('');
}

function asciiBody({ serial, sentAt, groups }: Report): string {
  const told = groups.map(({ station, type, observedAt, elements }) => {
    const values = Object.entries(elements).map(([code, value]) => `${WORDS[code] ?? code} ${value ?? 'M'} `);
    return `ST ${station} ${type} TT ${observedAt} ${values.join('')}`;
  });
  return serial + sentAt + told.join('');
}

/** Length and places in one byte, then the digits; FF before an even number of them says negative, FF0 before an odd one. */
function packed(value: string | null): string {
  if (value === null) return '20FFFFFFFF';
  const places = value.split('.')[1]?.length ?? 0;
  const plain = value.replace(/[-.]/g, '');
  const isOdd = plain.length % 2 === 1;
  const coded = (value.startsWith('-') ? 'FF' : '') + (isOdd ? '0' : '') + plain;
  return digits((coded.length / 2) * 8 + places, 2) + coded;
}

function cut(body: string, total: number, unit: number): readonly string[] {
  const each = Math.ceil(body.length / unit / total) * unit;
  return Array.from({ length: total }, (_, at) => body.slice(at * each, (at + 1) * each));
}

function digits(value: number, width: number): string {
  return value.toString(16).toUpperCase().padStart(width, '0');
}

function modbusCrc(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}
