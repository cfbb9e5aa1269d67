// The data of a packet of HJ 212: `name=value` with `;` between them, then the content `CP=&&…&&`, whose groups may hold several
// values with `,` between them. 2005 and 2017 differ in what they name, not in how.
import { toText } from '../../kit/encoding.ts';
import { type Fault, toFault } from '../frames/frame-codec.ts';

export type Data = {
  readonly kind: 'data';
  /** QN, ST, CN, PW, MN, Flag, PNUM, PNO; without the content. */
  readonly head: ReadonlyMap<string, string>;
  /** In order; names may come again. */
  readonly content: readonly (readonly [name: string, value: string])[];
};

const CONTENT = 'CP=&&';

/** `data`: from behind the length to before the check value; ends with `&&`. */
export function parseData(data: Uint8Array): Data | Fault {
  const text = toPlainText(data);
  if (text === null) return toFault('FORMAT', 'text that is neither UTF-8 nor GB 18030');
  const begin = text.indexOf(CONTENT);
  const end = text.length - 2;
  if (begin === -1 || begin + CONTENT.length > end) return toFault('FORMAT', 'no content CP=&&…&&');
  const head = new Map(toPairs(text.slice(0, begin), /;/));
  if (!/^\d{4}$/.test(head.get('CN') ?? '')) return toFault('FORMAT', 'no command CN of four digits');
  return { kind: 'data', head, content: toPairs(text.slice(begin + CONTENT.length, end), /[;,]/) };
}

/** What has no `=` says nothing that has a name, and is passed over. */
function toPairs(text: string, between: RegExp): readonly (readonly [string, string])[] {
  return text.split(between).flatMap((pair): (readonly [string, string])[] => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]];
  });
}

/** ASCII by the standard; messages for people come in GBK all the same. */
function toPlainText(data: Uint8Array): string | null {
  try {
    return toText(data, 'detect').text;
  } catch {
    return null;
  }
}
