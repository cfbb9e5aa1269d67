// From a column to the text that a converter reads, in the order of manifest §7: damage → trim → part → strip →
// nullWhen → emptyAs → valueWhen → pad. Compiled once a reading, so that options not used cost nothing.
import type { RawValue } from '../contract.ts';
import type { ConverterName, Reading, ReadingOptions } from '../manifest/model.ts';
import { compileColumn, compileColumnList, type Frame } from './columns.ts';
import { toCanonicalText } from './decimal.ts';
import type { MappedValue } from './outcome.ts';
import { toCleanText, trim } from './raw-text.ts';
import { Remark } from './remark.ts';

/** The text to convert; null when there is nothing; a Remark when it cannot be read. */
export type TextReader = (frame: Frame) => string | null | Remark;
/** A whole reading: what a converter compiles to. `now` is the hub's clock, milliseconds UTC. */
export type FieldReader = (frame: Frame, now: number) => MappedValue | Remark;

type TextStep = (text: string | null) => string | null;

const NUMERIC: ReadonlySet<ConverterName> = new Set(['number', 'integer', 'decimal', 'duration', 'point']);

/** Reads one column of a reading. */
export function compileText(reading: Reading, column: string): TextReader {
  const raw = compileColumn(column);
  const step = compileSteps(reading, column);
  return (frame) => readText(raw(frame), step);
}

/** Reads a reading of one column by converting its text; null stays null. */
export function compileSingle(
  reading: Reading,
  convert: (text: string, now: number) => MappedValue | Remark,
): FieldReader {
  const read = compileText(reading, reading.columns[0] ?? '');
  return (frame, now) => {
    const text = read(frame);
    return text === null || text instanceof Remark ? text : convert(text, now);
  };
}

/** Reads all values of one column (a list, or a text that `by` cuts), each through the same steps; null when there is none. */
export function compileTexts(
  reading: Reading,
  by: string | RegExp | null,
): (frame: Frame) => readonly string[] | null | Remark {
  const column = reading.columns[0] ?? '';
  const raws = compileColumnList(column);
  const step = compileSteps(reading, column);
  return (frame) => {
    const values = raws(frame);
    if (values === undefined) {
      const text = readText(undefined, step);
      return text === null || text instanceof Remark ? text : [text];
    }
    const texts: string[] = [];
    for (const value of values) {
      const text = readText(value, step);
      if (text instanceof Remark) return text;
      if (text !== null) texts.push(...(by === null ? [text] : text.split(by).map(trim).filter(Boolean)));
    }
    return texts.length === 0 && values.length > 0 ? null : texts;
  };
}

function readText(raw: RawValue | undefined, step: TextStep | null): string | null | Remark {
  const text = toCleanText(raw);
  return step === null || text instanceof Remark ? text : step(text);
}

function compileSteps(reading: Reading, column: string): TextStep | null {
  const { options, converter } = reading;
  const numeric = NUMERIC.has(converter) && options.unit !== 'HH.NN';
  const steps = [
    compilePart(options),
    compileStrip(options),
    compileNullWhen(options, numeric),
    compileEmptyAs(options),
    compileValueWhen(options),
    compilePad(options.pad?.[column]),
  ].filter((step) => step !== null);
  if (steps.length === 0) return null;
  return (text) => steps.reduce((value, step) => step(value), text);
}

function compilePart({ part }: ReadingOptions): TextStep | null {
  if (part === undefined) return null;
  return (text) => (text === null ? null : trim(text.split(part.by)[part.at - 1] ?? '') || null);
}

function compileStrip({ strip }: ReadingOptions): TextStep | null {
  if (strip === undefined || strip === '') return null;
  return (text) => {
    if (text === null) return null;
    let rest = text;
    while (rest.startsWith(strip)) rest = rest.slice(strip.length);
    while (rest.endsWith(strip)) rest = rest.slice(0, -strip.length);
    return trim(rest) || null;
  };
}

function compileNullWhen({ nullWhen = [] }: ReadingOptions, numeric: boolean): TextStep | null {
  if (nullWhen.length === 0) return null;
  const matches = compileMatch(nullWhen, numeric);
  return (text) => (text === null || matches(text) ? null : text);
}

function compileEmptyAs({ emptyAs }: ReadingOptions): TextStep | null {
  return emptyAs === undefined ? null : (text) => text ?? emptyAs;
}

function compileValueWhen({ valueWhen = {} }: ReadingOptions): TextStep | null {
  const entries = Object.entries(valueWhen).map(
    ([raw, value]) => [toCanonicalText(raw) ?? raw, String(value)] as const,
  );
  if (entries.length === 0) return null;
  const values = new Map(entries);
  return (text) => (text === null ? null : (values.get(toCanonicalText(text) ?? text) ?? text));
}

function compilePad(width: number | undefined): TextStep | null {
  if (width === undefined) return null;
  return (text) => {
    if (text === null || text.length === width) return text;
    return text.length < width
      ? text.padStart(width, '0')
      : text.replace(new RegExp(`^0{1,${text.length - width}}`), '');
  };
}

// A numeric column gives 999999 as 999999.0 or 999999.000: for numbers the sentinel is the number, not its spelling.
function compileMatch(raws: readonly string[], numeric: boolean): (text: string) => boolean {
  const exact = new Set(raws);
  if (!numeric) return (text) => exact.has(text);
  const numbers = new Set(raws.map((raw) => toCanonicalText(raw) ?? raw));
  return (text) => exact.has(text) || numbers.has(toCanonicalText(text) ?? text);
}
