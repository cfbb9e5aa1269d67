// What is refused before the parser sees it: document types, nesting and numbers of elements that would exhaust the machine,
// and tags so long that reading their attributes would take ages.

/** `isLimit`: nothing is wrong with the text but its extent. */
type MarkupFault = { readonly offset: number; readonly what: string; readonly isLimit?: true };

const MOST_TAG = 20_000;
export const MOST_NESTED = 64;
/** A hundred bytes of memory each and more, of four bytes of text (`<a/>`). */
const MOST_ELEMENTS = 2_000_000;
const DOCTYPE = 'a document type is refused; have it sent without <!DOCTYPE …>';

/** The first such place; null for none. What is torn is left to the parser. */
export function findMarkupFault(text: string): MarkupFault | null {
  let depth = 0;
  let elements = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    const skipped = toSectionEnd(text, at);
    if (skipped === null) return null;
    const start = at;
    if (skipped > at) at = skipped;
    else if (text[at + 1] === '!') return { offset: at, what: DOCTYPE };
    else {
      at = toTagEnd(text, at);
      if (at - start > MOST_TAG)
        return { offset: start, what: `a tag is longer than the ${MOST_TAG} characters that are read` };
      if (text[start + 1] === '/') depth -= 1;
      else if (text[start + 1] !== '?') {
        elements += 1;
        if (text[at - 1] !== '/') depth += 1;
      }
      if (depth > MOST_NESTED)
        return { offset: start, what: `is nested deeper than ${MOST_NESTED} elements` };
      if (elements > MOST_ELEMENTS)
        return { offset: start, what: `has more than ${MOST_ELEMENTS} elements`, isLimit: true };
    }
  }
  return null;
}

/** The end of a comment or of CDATA that begins here; `at` where neither does; null where one never ends. */
function toSectionEnd(text: string, at: number): number | null {
  const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<![CDATA[', at) ? ']]>' : null;
  if (end === null) return at;
  const closed = text.indexOf(end, at + 4);
  return closed < 0 ? null : closed;
}

/** The `>` of a tag, or the last place that is looked at; one within quotes does not count. */
function toTagEnd(text: string, start: number): number {
  let quote = '';
  const most = Math.min(text.length - 1, start + MOST_TAG + 1);
  for (let at = start; at < most; at++) {
    const one = text[at] ?? '';
    if (quote !== '') quote = one === quote ? '' : quote;
    else if (one === '"' || one === "'") quote = one;
    else if (one === '>') return at;
  }
  return most;
}
