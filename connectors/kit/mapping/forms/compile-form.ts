// One form of one type (manifest §6): whether it takes a record, and what becomes of each row that the record gives.
import type { SourceRecord } from '../../contract.ts';
import type { Form, UnitType } from '../../manifest/model.ts';
import { compileColumn, type Frame, hasColumn } from '../columns.ts';
import type { MappingTools } from '../converters/converter.ts';
import { toFlagText } from '../converters/flag.ts';
import { compileDivision } from '../division.ts';
import { compileKey, compileLinks } from '../keys.ts';
import type { Fault, MappedLink, MappedRow, MappingContext, Outcome } from '../outcome.ts';
import { toShownText } from '../raw-text.ts';
import { toRowHash } from '../row-hash.ts';
import { compileWhere } from './conditions.ts';
import { compileExpand } from './expand.ts';
import { toNativeColumns } from './native-columns.ts';
import { compileFields, toGivenFields } from './read-fields.ts';

export type CompiledForm = {
  readonly type: string;
  /** False: this form is about records with other columns. */
  takesShape(record: SourceRecord): boolean;
  /** The outcomes of the record's rows, or null when none of them is this form's. */
  map(record: SourceRecord, context: MappingContext): readonly Outcome[] | null;
};

export function compileForm(type: UnitType, form: Form, tools: MappingTools): CompiledForm {
  const expand = compileExpand(form);
  const where = compileWhere(form.where);
  const toOutcome = compileOutcome(type, form, tools);
  const notOurs: Outcome = { kind: 'notOurs', type: type.name };
  return {
    type: type.name,
    takesShape: (record) =>
      form.shape === null || form.shape.has.every((column) => hasColumn(record, column)),
    map: (record, context) => {
      const frames = expand(record, context);
      if (where === null)
        return frames.length === 0 ? null : frames.map((frame) => toOutcome(frame, context.now));
      const [only] = frames;
      if (frames.length === 1 && only !== undefined)
        return where(only) ? [toOutcome(only, context.now)] : null;
      const ours = frames.map((frame) => where(frame));
      if (!ours.includes(true)) return null;
      return frames.map((frame, index) => (ours[index] === true ? toOutcome(frame, context.now) : notOurs));
    },
  };
}

function compileOutcome(
  type: UnitType,
  form: Form,
  tools: MappingTools,
): (frame: Frame, now: number) => Outcome {
  const readFields = compileFields(type, form, tools);
  const toLinks = compileLinks(type);
  const toByName = compileByName();
  const toRowKey = compileKey(type);
  const toDivision = compileDivision(type, tools);
  const isDeleted = compileDeleted(type);
  const toNative = compileNative(type, form);
  const names = [...toGivenFields(type, form)].sort();
  return (frame, now) => {
    const { values, faults, fatal } = readFields(frame, now);
    if (fatal !== null) return { kind: 'setAside', type: type.name, fault: fatal };
    const links = toLinks(values);
    const byName = toByName(links);
    const { key, missing } = toRowKey(values, byName);
    if (missing !== null) return toSetAside(type, form, missing, 'HUB_MAP_KEY_EMPTY');
    const time = type.time === null ? null : values[type.time];
    const observedAt = typeof time === 'string' ? time : null;
    if (type.time !== null && type.role !== 'thing' && observedAt === null)
      return toSetAside(type, form, type.time, 'HUB_MAP_TIME');
    const { division, note } = toDivision(frame, values, byName);
    const content = {
      values,
      links,
      division,
      deleted: isDeleted(frame),
      faults: note === null ? faults : [...faults, note],
    };
    const row: MappedRow = {
      type: type.name,
      form: form.index,
      source: form.source,
      key,
      ...content,
      observedAt: type.role === 'thing' ? null : observedAt,
      native: toNative(frame),
      hash: toRowHash(content, names),
    };
    return { kind: 'row', row };
  };
}

// Rows that link to one thing share their list of links, and with it this.
function compileByName(): (links: readonly MappedLink[]) => ReadonlyMap<string, MappedLink> {
  const known = new WeakMap<readonly MappedLink[], ReadonlyMap<string, MappedLink>>();
  return (links) => {
    const found = known.get(links) ?? new Map(links.map((link) => [link.link, link]));
    known.set(links, found);
    return found;
  };
}

function toSetAside(
  type: UnitType,
  form: Form,
  field: string,
  code: 'HUB_MAP_KEY_EMPTY' | 'HUB_MAP_TIME',
): Outcome {
  const columns = form.readings.find((reading) => reading.field === field)?.columns ?? [];
  const message =
    code === 'HUB_MAP_TIME'
      ? `${field} is empty: the row has no time`
      : `${field} is empty: the row has no key`;
  const fault: Fault = { code, field, column: columns.join(' ') || null, raw: null, message };
  return { kind: 'setAside', type: type.name, fault };
}

function compileDeleted({ deletes }: UnitType): (frame: Frame) => boolean {
  if (deletes.column === null) return () => false;
  const read = compileColumn(deletes.column);
  const when = new Set(deletes.when);
  return (frame) => {
    const raw = read(frame);
    if (typeof raw === 'boolean' && when.has(String(raw))) return true;
    const text = toFlagText(raw);
    return typeof text === 'string' && when.has(text);
  };
}

function compileNative(type: UnitType, form: Form): (frame: Frame) => MappedRow['native'] {
  const columns = toNativeColumns(type, form).map((column) => ({ column, read: compileColumn(column) }));
  return (frame) => {
    const native: { [column: string]: string | null } = {};
    for (const { column, read } of columns) native[column] = toShownText(read(frame));
    return native;
  };
}
