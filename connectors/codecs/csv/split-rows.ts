// CSV text → rows of cells, by csv-parse (RFC 4180; CR, LF and CR LF), fed in pieces and answering at once. Each row has
// the line where it begins and its own text, so that a row nobody can read may be set aside as it came.
import { Parser } from 'csv-parse';
import { HubError } from '../../../schema/errors.ts';
import { countLines } from '../../kit/encoding-bytes.ts';

export type Row = {
  readonly cells: readonly string[];
  /** As it stands in the text, without its line break. */
  readonly raw: () => string;
  /** 1-based line of the text where it begins. */
  readonly line: number;
  /** Blank lines right before it. */
  readonly blanks: number;
  /** Text follows a closing quote: its cells cannot be told apart for certain. */
  readonly isBroken: boolean;
};

export type RowSplitter = {
  /** Rows that are complete. What ends the text (HUB_SOURCE_FORMAT) is thrown one call later, behind the rows before it. */
  step(text: string): readonly Row[];
  end(): readonly Row[];
};

/** A quote that never closes takes all that follows into its cell: no row may be longer than this. */
const ROW_BYTES = 1_048_576;
const QUOTE = 0x22;
const BREAK = /\r\n|\n|\r/;
const BREAKS_BEFORE = /^(?:\r\n|\n|\r)+/;

export function toRowSplitter(): RowSplitter {
  /** What is not passed yet begins at `start`: behind the last complete row, on `line`, after `passed` bytes. */
  let held: Buffer = Buffer.alloc(0);
  let [start, passed, line, blanks] = [0, 0, 1, 0];
  let [half, hasQuotes] = ['', false];
  let rows: Row[] = [];
  let failure: HubError | null = null;

  const parser = new Parser({
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: ROW_BYTES,
  });
  // Rows are taken within the call that completes them, and never wait in the parser's own stream.
  parser.push = (cells: string[] | null) => {
    if (cells !== null) take(cells);
    return true;
  };
  /** Also keeps a text of nothing but blank lines from being held. A CR at the end may be half of a CR LF. */
  const passBlanks = (isEnd: boolean) => {
    const from = start;
    while (held[start] === 0x0a || (held[start] === 0x0d && (isEnd || start + 1 < held.length))) {
      start += held[start] === 0x0d && held[start + 1] === 0x0a ? 2 : 1;
      blanks += 1;
      line += 1;
    }
    passed += start - from;
  };
  const take = (cells: string[]) => {
    passBlanks(true);
    const bytes = held.subarray(start, start + parser.info.bytes - passed);
    const row = { cells, line, blanks, raw: () => toRaw(bytes), isBroken: isBroken(cells, bytes) };
    const lines = hasQuotes ? countLines(bytes, false) : 1;
    if (row.isBroken && lines > 1 && BREAK.test(row.raw())) failure ??= toFault(row.raw(), line);
    else if (failure === null) rows.push(row);
    blanks = 0;
    line += lines;
    passed += bytes.length;
    start += bytes.length;
  };
  const run = (feed: (done: (error?: Error | null) => void) => void): readonly Row[] => {
    if (failure !== null) throw failure;
    rows = [];
    feed((error) => {
      if (error) failure ??= toFault(held.toString('utf8', start), line);
    });
    return rows;
  };
  const write = (bytes: Buffer): readonly Row[] => {
    held = start === held.length ? bytes : Buffer.concat([held.subarray(start), bytes]);
    start = 0;
    hasQuotes = held.includes(QUOTE);
    const found = run((done) => parser._transform(bytes, 'utf8', done));
    passBlanks(false);
    return found;
  };
  return {
    step(text) {
      // A character beyond 16 bits may be cut in two between two pieces.
      const whole = half + text;
      half = /[\uD800-\uDBFF]$/.test(whole) ? whole.slice(-1) : '';
      return write(Buffer.from(half === '' ? whole : whole.slice(0, -1)));
    },
    end() {
      const rest = half === '' ? [] : write(Buffer.from(half));
      const last = run((done) => parser._flush(done));
      if (failure !== null) throw failure;
      return [...rest, ...last];
    },
  };
}

const toRaw = (bytes: Buffer) => bytes.toString('utf8').replace(/(?:\r\n|\n|\r)$/, '');

/** The parser keeps the quotes of a cell whose closing quote is followed by text; one that begins with `"` may be such. */
function isBroken(cells: readonly string[], bytes: Buffer): boolean {
  return cells.some((cell) => cell.startsWith('"')) && scanQuotes(toRaw(bytes)).brokenAt !== null;
}

/** Offsets of the quote whose cell goes on behind its closing quote, or is never closed; the first that is found. */
function scanQuotes(raw: string): { readonly brokenAt: number | null; readonly openAt: number | null } {
  for (let at = 0; at < raw.length; at++) {
    if (raw[at] === '"') {
      const close = toClosingQuote(raw, at + 1);
      if (close === -1) return { brokenAt: null, openAt: at };
      const next = raw[close + 1];
      if (next !== undefined && !/[,\r\n]/.test(next)) return { brokenAt: at, openAt: null };
      at = close + 1;
    } else at = toCellEnd(raw, at);
  }
  return { brokenAt: null, openAt: null };
}

function toClosingQuote(raw: string, from: number): number {
  let at = raw.indexOf('"', from);
  while (at !== -1 && raw[at + 1] === '"') at = raw.indexOf('"', at + 2);
  return at;
}

function toCellEnd(raw: string, from: number): number {
  const at = raw.slice(from).search(/[,\r\n]/);
  return at === -1 ? raw.length : from + at;
}

function toFault(raw: string, firstLine: number): HubError {
  const { brokenAt, openAt } = scanQuotes(raw);
  const at = brokenAt ?? openAt;
  const before = raw.slice(0, at ?? BREAKS_BEFORE.exec(raw)?.[0].length ?? 0);
  const line = firstLine + before.split(BREAK).length - 1;
  const words =
    at === null
      ? `a row is longer than ${ROW_BYTES} bytes`
      : brokenAt === null
        ? 'a quote opens here and never closes; a quote within a value must be doubled'
        : 'a quote opens here, and text follows where it closes, lines later; a quote within a value must be doubled';
  return new HubError('HUB_SOURCE_FORMAT', `line ${line}: ${words}`, { place: { line } });
}
