// First look at a manifest's text, before it is parsed: size, nesting and anchors. The YAML library recurses over
// nested collections and is quadratic over repeated anchors; unbounded text could end the process (M006, M007).
import { Lexer } from 'yaml';

export const MOST_BYTES = 256 * 1024;
/** Levels of nesting; a manifest has nine. */
export const MOST_DEPTH = 40;
const MOST_PROPERTIES = 50;
const MOST_INDENT = 200;

/** Why this text must not be parsed and where (offset), or null when it may. */
export type OutOfBounds = {
  readonly id: 'M006' | 'M007';
  readonly offset: number;
  readonly message: string;
};

export function toOutOfBounds(text: string): OutOfBounds | null {
  if (Buffer.byteLength(text) > MOST_BYTES)
    return { id: 'M007', offset: 0, message: 'must be at most 256 KiB of UTF-8' };
  const indent = new RegExp(`^(?: {${MOST_INDENT}}|(?: *[-?]){${MOST_DEPTH}} )`, 'm').exec(text);
  if (indent !== null) return { id: 'M007', offset: indent.index, message: 'is nested too deeply' };
  return toDeepFlow(text);
}

/** Flow collections and anchors are counted by lexeme, so that brackets in texts and comments do not count. */
function toDeepFlow(text: string): OutOfBounds | null {
  let offset = 0;
  let depth = 0;
  let properties = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') depth += 1;
    else if (lexeme === ']' || lexeme === '}') depth = Math.max(0, depth - 1);
    else if (/^[&*!]/.test(lexeme)) properties += 1;
    if (depth > MOST_DEPTH) return { id: 'M007', offset, message: 'is nested too deeply' };
    if (properties > MOST_PROPERTIES)
      return { id: 'M006', offset, message: 'must have no anchors, aliases or tags, but has very many' };
    // U+0002, U+0018 and U+001F are the lexer's own marks and stand for no text.
    if (!MARKS.has(lexeme)) offset += lexeme.length;
  }
  return null;
}

const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);
