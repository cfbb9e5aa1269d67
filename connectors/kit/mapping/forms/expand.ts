// One record to many rows (manifest §6): `each` takes a list of records, `fan` a list of scalars, `unpivot` columns.
import type { RawValue, SourceRecord } from '../../contract.ts';
import type { Form } from '../../manifest/model.ts';
import { compileColumn, compileColumnList, type Frame, isRecord } from '../columns.ts';
import type { MappingContext } from '../outcome.ts';
import { toCleanText } from '../raw-text.ts';
import { Remark } from '../remark.ts';

export type Expand = (record: SourceRecord, context: MappingContext) => readonly Frame[];
type Step = (frame: Frame) => readonly Frame[];

/** The frames that a form reads rows from; none where a list is empty or missing. */
export function compileExpand({ each, fan, unpivot }: Form): Expand {
  const steps = [
    each === null ? null : compileEach(each),
    fan === null ? null : compileFan(fan),
    unpivot === null ? null : compileUnpivot(unpivot),
  ].filter((step) => step !== null);
  if (steps.length === 0) return (record, context) => [toFrame(record, context)];
  return (record, context) =>
    steps.reduce<readonly Frame[]>((frames, step) => frames.flatMap(step), [toFrame(record, context)]);
}

function toFrame(record: SourceRecord, { meta, receivedAt }: MappingContext): Frame {
  return { record, parent: null, meta, receivedAt, item: undefined, name: undefined, value: undefined };
}

// What stands in the list and is no record has no columns: it gives no row.
function compileEach(path: string): Step {
  const list = compileColumnList(path);
  return (frame) =>
    (list(frame) ?? []).filter(isRecord).map((record) => ({ ...frame, record, parent: frame.record }));
}

function compileFan(path: string): Step {
  const list = compileColumnList(path);
  return (frame) => (list(frame) ?? []).filter((item) => item !== null).map((item) => ({ ...frame, item }));
}

function compileUnpivot({ columns, skip }: NonNullable<Form['unpivot']>): Step {
  const skipped = new Set(skip);
  const readers = columns.map(({ column, label }) => ({ label, read: compileColumn(column) }));
  return (frame) =>
    readers.flatMap(({ label, read }) => {
      const value = read(frame);
      return isSkipped(value, skipped) ? [] : [{ ...frame, name: label, value }];
    });
}

// A damaged value is no empty one: its row is made, and its fault found where it is read.
function isSkipped(value: RawValue | undefined, skipped: ReadonlySet<string>): boolean {
  const text = toCleanText(value);
  return text === null || (!(text instanceof Remark) && skipped.has(text));
}
