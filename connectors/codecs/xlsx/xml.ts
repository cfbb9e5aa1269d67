// A part's XML as events, a piece at a time: names without their prefixes, no document type, no entities but XML's own five.
import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { toDamaged } from './fault.ts';

export type Attributes = Readonly<Record<string, string>>;
export type XmlHandlers = {
  readonly open: (name: string, attributes: Attributes) => void;
  readonly close?: (name: string) => void;
  /** The text between two tags, whole. */
  readonly text?: (text: string) => void;
};
export type XmlPart = {
  readonly name: string;
  readonly pieces: AsyncIterable<Buffer>;
  /** UTF-16 units that one text, tag or comment may take. */
  readonly runUnits: number;
};

/** What the handlers emit, piece by piece; at times nothing. HUB_SOURCE_FORMAT where the part is no XML. */
export async function* readXml<Item>(
  part: XmlPart,
  plan: (emit: (item: Item) => void) => XmlHandlers,
): AsyncGenerator<readonly Item[]> {
  let items: Item[] = [];
  const write = toWriter(
    part,
    plan((item) => items.push(item)),
  );
  let decoder: TextDecoder | null = null;
  for await (const piece of part.pieces) {
    decoder ??= toDecoder(piece);
    write(decode(part, decoder, piece));
    yield items;
    items = [];
  }
  write(decode(part, decoder ?? new TextDecoder(), null));
  write(null);
  yield items;
}

/** An attribute whatever its prefix: `r:id` is found as `id`. */
export function attributeOf(attributes: Attributes, name: string): string | undefined {
  for (const [own, value] of Object.entries(attributes)) if (toLocal(own) === name) return value;
  return undefined;
}

/** Takes text, and null for its end. */
function toWriter({ name: part, runUnits }: XmlPart, handlers: XmlHandlers): (text: string | null) => void {
  const parser = new SaxesParser({ xmlns: false, position: false });
  let run = 0;
  const refuse = (words: string): never => {
    throw toDamaged(part, words);
  };
  parser.on('opentag', ({ name, attributes }) => {
    run = 0;
    handlers.open(toLocal(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    run = 0;
    handlers.close?.(toLocal(name));
  });
  const take = (text: string) => {
    run = 0;
    handlers.text?.(text);
  };
  parser.on('text', take);
  parser.on('cdata', take);
  parser.on('doctype', () => refuse('declares a document type, which no workbook does'));
  parser.on('error', () => refuse('is no well-formed XML'));
  return (text) => {
    if (text === null) {
      parser.close();
      return;
    }
    run += text.length;
    parser.write(text);
    if (run > runUnits) refuse(`holds a run of more than ${runUnits} characters`);
  };
}

function toLocal(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** XML is UTF-8 unless its first two bytes say UTF-16. */
function toDecoder(first: Buffer): TextDecoder {
  const mark = first.subarray(0, 2).toString('hex');
  const word = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(word, { fatal: true });
}

function decode({ name }: XmlPart, decoder: TextDecoder, piece: Buffer | null): string {
  try {
    return piece === null ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch {
    throw toDamaged(name, 'is neither UTF-8 nor UTF-16');
  }
}
