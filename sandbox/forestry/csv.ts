// A table as the bytes of a CSV file, in the encoding and with the line ends of whoever wrote it. The sandbox's own: nothing
// that reads for the hub is used here.
import iconv from 'iconv-lite';
import type { Sighting } from './sighting.ts';

export type Line = {
  readonly text: string;
  /** The sighting that this line is one writing of; null in the registers. */
  readonly of: Sighting | null;
};

export type Table = { readonly header: string; readonly lines: readonly Line[] };

/** How a table is dressed as bytes. */
export type Dress = {
  readonly encoding: 'utf-8' | 'gbk';
  readonly newline: '\n' | '\r\n';
  /** U+FEFF in front. */
  readonly mark: boolean;
  /** Whether the last line has a line end too. */
  readonly closed: boolean;
};

export function toBytes({ header, lines }: Table, { encoding, newline, mark, closed }: Dress): Buffer {
  const text = [header, ...lines.map((line) => line.text)].join(newline) + (closed ? newline : '');
  return encoding === 'gbk' ? toGbk(text) : Buffer.from(mark ? `\uFEFF${text}` : text, 'utf8');
}

/** Throws on a character that GBK does not have: iconv-lite itself would write a question mark. */
export function toGbk(text: string): Buffer {
  const bytes = iconv.encode(text, 'gbk');
  if (iconv.decode(bytes, 'gbk') !== text) {
    const lost = [...text].find((mark) => iconv.decode(iconv.encode(mark, 'gbk'), 'gbk') !== mark) ?? '';
    throw new Error(`GBK must have every character, but got: U+${lost.codePointAt(0)?.toString(16)}`);
  }
  return bytes;
}
