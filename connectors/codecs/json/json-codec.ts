// The codec `json`: strict JSON whose numbers keep their digits, with the manifest's named repairs for what is broken in
// a way that is known. Of a doubled key the last one counts, as in every JSON.parse.
import { parse } from 'lossless-json';
import { type HubError, isHubError } from '../../../schema/errors.ts';
import type { DocumentCodec } from '../../kit/codec.ts';
import type { RawValue } from '../../kit/contract.ts';
import { toFormatFault, toLimitFault } from '../format-fault.ts';
import { findBoundFault } from './bounds.ts';
import { REPAIRS } from './repairs.ts';

const NAME = 'json';
const MARK = '\uFEFF';

/** A repair is used only when the text cannot be parsed without it; what no repair helps is refused as it came. */
export const jsonCodec: DocumentCodec = {
  name: NAME,
  decode(text, { repair }) {
    const plain = text.startsWith(MARK) ? text.slice(MARK.length) : text;
    try {
      return { value: parseStrict(plain), repaired: [] };
    } catch (fault) {
      if (!isHubError(fault)) throw fault;
      const repaired = tryRepairs(plain, repair);
      if (repaired === null) throw fault;
      return repaired;
    }
  },
};

function tryRepairs(text: string, names: readonly string[]): ReturnType<DocumentCodec['decode']> | null {
  // Each by itself before all together: only what was needed is counted.
  const ways = names.length > 1 ? [...names.map((name) => [name]), names] : [names];
  for (const way of ways) {
    let mended = text;
    const used: string[] = [];
    // The wrapping goes first: what lies in it may be broken too.
    for (const [name, mend] of REPAIRS) {
      const next = way.includes(name) ? mend(mended) : null;
      if (next === null) continue;
      mended = next;
      used.push(name);
    }
    if (used.length === 0) continue;
    try {
      return { value: parseStrict(mended), repaired: used };
    } catch (fault) {
      if (!isHubError(fault)) throw fault;
    }
  }
  return null;
}

function parseStrict(text: string): RawValue {
  const bound = findBoundFault(text);
  if (bound?.isLimit) throw toLimitFault(NAME, text, bound.offset, bound.what);
  if (bound !== null) throw toFormatFault(NAME, text, bound.offset, bound.what);
  try {
    return parse(text, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue }) as RawValue;
  } catch (error) {
    throw toFault(text, error);
  }
}

/** A number only where a double prints as it was sent; all else keeps its digits as text. */
function parseNumber(digits: string): RawValue {
  const number = Number(digits);
  return Number.isSafeInteger(number) && String(number) === digits ? number : digits;
}

// The parser's words quote the text; only the place is taken from them.
function toFault(text: string, error: unknown): HubError {
  const message = error instanceof Error ? error.message : '';
  const offset = Number(/at position (\d+)$/.exec(message)?.[1] ?? text.length);
  const what = offset >= text.length ? 'ends before the JSON is complete' : 'is not JSON here';
  return toFormatFault(NAME, text, offset, what);
}
