// `flag`: yes or no in a system's own words; `flags`: a row of such columns as a list of what is set.
import type { RawValue } from '../../contract.ts';
import { compileColumn } from '../columns.ts';
import { toCleanText } from '../raw-text.ts';
import { compileSingle } from '../read-value.ts';
import { bad, Remark } from '../remark.ts';
import type { CompileConverter } from './converter.ts';

export const compileFlag: CompileConverter = (reading) => {
  const { yes = [], no = [] } = reading.options;
  const meanings = new Map<string, boolean>([
    // A database's own booleans need no words, unless the manifest gives them others.
    ['true', true],
    ['false', false],
    ...no.map((raw) => [raw, false] as const),
    ...yes.map((raw) => [raw, true] as const),
  ]);
  return compileSingle(
    reading,
    (text) => meanings.get(text) ?? bad('HUB_MAP_CODE', 'must be one of the declared yes and no'),
  );
};

export const compileFlags: CompileConverter = (reading) => {
  const when = new Set(reading.options.when ?? ['1']);
  const columns = reading.flags.map(({ column, value }) => ({ column, value, raw: compileColumn(column) }));
  return (frame) => {
    const set: string[] = [];
    for (const { column, value, raw } of columns) {
      const text = toFlagText(raw(frame));
      if (text instanceof Remark) return bad(text.code, text.message, column);
      if (text === null || text === '0') continue;
      if (!when.has(text)) return bad('HUB_MAP_CODE', 'must be set, 0 or empty', column);
      set.push(value);
    }
    return set;
  };
};

/** A raw mark as its words are written in a manifest: booleans are 1 and 0, as most of these databases keep them. */
export function toFlagText(raw: RawValue | undefined): string | null | Remark {
  if (typeof raw === 'boolean') return raw ? '1' : '0';
  return toCleanText(raw);
}
