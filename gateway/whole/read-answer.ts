// From a statement's text with marks in it to the text that the client gets: in one pass marks are counted and taken out, and
// what the hub knows by heart is written in. Nothing is parsed.
import { MARK, MARK_LENGTH } from '../compile/marks.ts';

/** Characters that may be written in from memory; about what stitching would repeat of outlines. */
const WRITTEN_CAP = 30_000_000;

export type MarkedAnswer = {
  readonly text: string;
  /** Rows by the index of their unit. */
  readonly rows: ReadonlyMap<number, number>;
  /** Indices of the hops that were reached. */
  readonly hops: ReadonlySet<number>;
};

/** What belongs at a fragment's mark; `code` is empty at a root field. */
export type FragmentText = (fragment: number, code: string) => string;

/** Null where a place cannot be told, or too much would have to be written in. */
export function readMarked(marked: string, toFragment: FragmentText, cap = WRITTEN_CAP): MarkedAnswer | null {
  const pieces: string[] = [];
  const rows = new Map<number, number>();
  const hops = new Set<number>();
  const written = new Map<string, string>();
  let [from, left] = [0, cap];
  for (let at = marked.indexOf(MARK); at >= 0; at = marked.indexOf(MARK, from)) {
    pieces.push(marked.slice(from, at));
    from = at + MARK_LENGTH;
    const index = Number.parseInt(marked.slice(at + 2, from), 36);
    switch (marked[at + 1]) {
      case 'r':
        rows.set(index, (rows.get(index) ?? 0) + 1);
        break;
      case 'h':
        hops.add(index);
        break;
      case 'd': {
        const end = marked.indexOf(MARK, from);
        const key = marked.slice(at, end);
        const text = written.get(key) ?? toFragment(index, marked.slice(from, end));
        written.set(key, text);
        left -= text.length;
        if (left < 0) return null;
        pieces.push(text);
        from = end + 1;
        break;
      }
      default:
        return null;
    }
  }
  pieces.push(marked.slice(from));
  return { text: pieces.join(''), rows, hops };
}
