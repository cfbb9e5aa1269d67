// A whole answer taken apart: bytes → text → tree → what the service says of itself → the list of records. Pure.
import type { RawValue, SourceRecord, Unreadable } from '../contract.ts';
import { parseCharset, toText } from '../encoding.ts';
import { parsePath } from '../mapping/columns.ts';
import type { Heard, Reader, Told, Tree, WebAnswer, WebObject, WebSource } from './contract.ts';
import { toFault, toPlaced, type WebPlace } from './faults.ts';
import { findItems, findText, mapAt } from './paths.ts';
import type { Paging } from './words.ts';

export type Content = {
  readonly items: readonly RawValue[];
  readonly unreadable: readonly Unreadable[];
  readonly total: number | null;
  readonly token: string | null;
  readonly repairs: Readonly<Record<string, number>>;
};

/** The answer's text; HUB_SOURCE_ENCODING where its bytes are not in the encoding that they should have. */
function toAnswerText(answer: WebAnswer, { encoding }: WebSource, place: WebPlace): string {
  const header = /charset=\s*"?([^\s;"]+)/i.exec(answer.headers['content-type'] ?? '')?.[1];
  // An XML document may name its encoding itself; up to there it is ASCII.
  const start = Buffer.from(answer.bytes.subarray(0, 200)).toString('latin1');
  const prologue = /^[^<]{0,3}<\?xml[^>]*encoding\s*=\s*["']([^"']+)/.exec(start)?.[1];
  const name = header ?? prologue;
  try {
    return toText(answer.bytes, encoding, { declared: name === undefined ? null : parseCharset(name) }).text;
  } catch (error) {
    throw toPlaced(error, place);
  }
}

/** The answer, to be read when somebody wants to know: once, however often it is asked for. */
export function toTold(answer: WebAnswer, source: WebSource, reader: Reader, place: WebPlace): Told {
  let heard: Heard | null = null;
  return {
    status: answer.status,
    read: () => {
      heard ??= toHeard(toAnswerText(answer, source, place), reader, source, place);
      return heard;
    },
  };
}

function toHeard(text: string, reader: Reader, { repair }: WebSource, place: WebPlace): Heard {
  if (reader.as === 'table') return { text, tree: { value: null, repaired: [] } };
  try {
    return { text, tree: reader.codec.decode(text, { repair }) };
  } catch (error) {
    throw toPlaced(error, place);
  }
}

/** The tree with values within values parsed as the manifest says (`unwrap`). */
export function toUnwrapped(
  tree: Tree,
  { unwrap, place }: Pick<WebObject, 'unwrap' | 'place'>,
  { repair }: Pick<WebSource, 'repair'>,
): Tree {
  let { value, repaired } = tree;
  try {
    for (const { path, codec } of unwrap)
      value = mapAt(value, parsePath(path), (inner) => {
        if (typeof inner !== 'string' || inner.trim() === '') return inner;
        const unwrapped = codec.decode(inner, { repair });
        repaired = [...repaired, ...unwrapped.repaired];
        return unwrapped.value;
      });
    return { value, repaired };
  } catch (error) {
    throw toPlaced(error, place);
  }
}

/** Records and page facts. `before`: records of this interval that came on earlier pages. */
export function toContent(
  { text, tree }: Heard,
  source: WebSource,
  object: WebObject,
  before: number,
): Content {
  if (object.reader.as === 'table') return readTable(text, object.reader, object.place);
  const repairs: Record<string, number> = {};
  for (const name of tree.repaired) repairs[name] = (repairs[name] ?? 0) + 1;
  const none = { unreadable: [], repairs };
  if (isEmpty(tree.value, source, object.place)) return { ...none, items: [], total: null, token: null };
  const total = findTotal(tree.value, object);
  return {
    ...none,
    items: findRecords(tree.value, object, total, before),
    total,
    token: findToken(tree.value, object.paging),
  };
}

/** The body's own verdict: true for success with no records. An HTTP 200 alone is no success. */
function isEmpty(tree: RawValue, { success }: WebSource, place: WebPlace): boolean {
  if (success === null) return false;
  const code = findText(tree, success.path);
  if (code === null)
    throw toFault(
      'HUB_SOURCE_FORMAT',
      place,
      `its answer has nothing at ${success.path}, which \`success\` names`,
    );
  if (success.ok.includes(code)) return false;
  if (success.empty.includes(code)) return true;
  // A code is worth showing; a sentence may quote what was asked, or whom it is about.
  const shown = /^[\w.:-]{1,24}$/.test(code) ? ` ${code}` : '';
  throw toFault('HUB_SOURCE_QUERY', place, `its answer says${shown} at ${success.path}, which is no success`);
}

function findTotal(tree: RawValue, { paging, place }: WebObject): number | null {
  if (paging?.total == null) return null;
  const text = findText(tree, paging.total);
  if (text !== null && /^\d{1,15}$/.test(text)) return Number(text);
  throw toFault(
    'HUB_SOURCE_FORMAT',
    place,
    `its answer has no number at ${paging.total}, which \`paging.total\` names`,
  );
}

function findRecords(
  tree: RawValue,
  { records, place }: WebObject,
  total: number | null,
  before: number,
): readonly RawValue[] {
  const items = findItems(tree, records === null ? [] : parsePath(records));
  if (items !== null) return items;
  // XML has no empty lists: where the service counts, its count says that nothing is missing.
  if (total === before && total !== null) return [];
  const where =
    records === null ? 'is neither an object nor a list' : `has neither list nor object at ${records}`;
  throw toFault('HUB_SOURCE_FORMAT', place, `its answer ${where}, and nothing says that it is empty`);
}

const NO = new Set(['', 'false', '0', 'no', 'n']);

function findToken(tree: RawValue, paging: Paging | null): string | null {
  if (paging?.next == null) return null;
  if (paging.more !== null && NO.has(findText(tree, paging.more)?.toLowerCase() ?? '')) return null;
  const token = findText(tree, paging.next);
  return token === '' ? null : token;
}

function readTable(
  text: string,
  { codec, options }: Extract<Reader, { as: 'table' }>,
  place: WebPlace,
): Content {
  try {
    const reader = codec.open(options);
    const steps = [reader.step(text), reader.end()];
    const items: readonly SourceRecord[] = steps.flatMap((step) => step.records);
    return {
      items,
      unreadable: steps.flatMap((step) => step.unreadable),
      total: null,
      token: null,
      repairs: {},
    };
  } catch (error) {
    throw toPlaced(error, place);
  }
}
