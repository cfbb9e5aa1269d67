// One cell's value, from what stands in the XML: text, number, boolean, a date as text; or why it has none.
import type { RawValue } from '../../kit/contract.ts';
import { toPlainText } from './plain-text.ts';
import { toDateText, toTimeText } from './serial-date.ts';
import type { Shown } from './styles.ts';
import { isTrue } from './workbook.ts';

/** A cell as it is written: `type` and `style` of its tag, `value` null where no value stands in it. */
export type WrittenCell = {
  readonly type: string;
  readonly style: number;
  readonly value: string | null;
  readonly hasFormula: boolean;
};
/** `fault`: in words that show no value. */
export type Cell = { readonly value: RawValue } | { readonly fault: string };

export type CellContext = {
  readonly strings: readonly string[];
  readonly styles: readonly Shown[];
  readonly from1904: boolean;
};

/** Null for a cell that nobody has filled; `fault` for errors (#N/A), and for formulas that no program has worked out. */
export function toCell({ type, style, value, hasFormula }: WrittenCell, context: CellContext): Cell | null {
  // Programs that write formulas and work nothing out leave the value out, or empty; a formula may give an empty text.
  if (hasFormula && (value === null || (type === 'n' && value === ''))) return { fault: UNWORKED };
  if (value === null) return null;
  switch (type) {
    case 's':
      return toText(/^\d+$/.test(value) ? context.strings[Number(value)] : undefined);
    case 'str':
    case 'inlineStr':
      return toText(toPlainText(value));
    case 'b':
      return { value: isTrue(value) };
    case 'e':
      return { fault: /^#[A-Z0-9/_!?]{1,20}$/.test(value) ? value : 'an error' };
    case 'd':
      return toText(value.replace(/T00:00:00(\.0+)?Z?$/, '').replace('T', ' '));
    case 'n':
      return toNumber(value.trim(), context.styles[style] ?? 'number', context.from1904);
    default:
      return { fault: 'a value of a kind that this hub does not know' };
  }
}

const UNWORKED = 'a formula that was never worked out: open the workbook in Excel or WPS and save it';

function toText(text: string | undefined): Cell | null {
  if (text === undefined) return { fault: 'a text that the workbook does not have' };
  return text === '' ? null : { value: text };
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?$/i;

function toNumber(text: string, shown: Shown, from1904: boolean): Cell | null {
  if (text === '') return null;
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) return { fault: 'a number that is none' };
  if (shown === 'date') return { value: toDateText(number, from1904) ?? number };
  if (shown === 'time') return { value: toTimeText(number) ?? number };
  // Beyond 2^53 a double is not what was typed; its digits as they stand are at least what the file says.
  return { value: Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number };
}
