// The named repairs of JSON that legacy systems really send broken. Each gives the mended text, or null where it finds
// nothing of its own to mend; strings are never touched.
import { toStringEnd } from './bounds.ts';

type Repair = (text: string) => string | null;

/** By the manifest's word, in the order in which they are applied. */
export const REPAIRS: ReadonlyMap<string, Repair> = new Map([
  ['jsonp', toUnwrapped],
  ['musicFieldNames', toNamedFields],
]);

const CALL = /^\s*(?:\/\*\*\/\s*)?(?:typeof [\w$.]+ === 'function' && )?[\w$.[\]]+\s*\(/;

/** `callback({…});` as services for browsers answer, with or without their guards: the argument alone. */
function toUnwrapped(text: string): string | null {
  const head = CALL.exec(text)?.[0];
  const end = text.lastIndexOf(')');
  if (head === undefined || end < head.length || !['', ';'].includes(text.slice(end + 1).trim())) return null;
  return text.slice(head.length, end);
}

const FIELD = /,\s*(fieldNames|fieldUnits)\s*=\s*/y;
const NEXT = /,\s*"|,\s*(?:fieldNames|fieldUnits)\s*=|[}\r\n]/g;

/**
 * MUSIC (the weather service's API) writes `,fieldNames=` where `,"fieldNames":` belongs, its list quoted or bare; the
 * units beside it may be written likewise.
 */
function toNamedFields(text: string): string | null {
  let mended = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') at = toStringEnd(text, at);
    if (text[at] !== ',') continue;
    FIELD.lastIndex = at;
    const found = FIELD.exec(text);
    if (found === null) continue;
    const value = at + found[0].length;
    const end = text[value] === '"' ? value : toBareEnd(text, value);
    const list = end === value ? '' : JSON.stringify(text.slice(value, end).trim());
    mended += `${text.slice(from, at)},"${found[1]}":${list}`;
    from = end;
    at = end - 1;
  }
  return from === 0 ? null : mended + text.slice(from);
}

function toBareEnd(text: string, start: number): number {
  NEXT.lastIndex = start;
  return NEXT.exec(text)?.index ?? text.length;
}
