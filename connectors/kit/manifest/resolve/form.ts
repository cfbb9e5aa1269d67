// A form's draft → Form: sync, conditions, and one complete reading for each field that it gives. Called by type.ts.
import type { Condition } from '../../contract.ts';
import type { Draft, FormDraft, TypeDraft } from '../draft.ts';
import type { Form, PointColumns, Reading, ReadingOptions, Sync } from '../model.ts';
import type { FieldWords } from '../shape/field.ts';
import type { SyncWords } from '../shape/type.ts';
import { DEFAULT_FUTURE } from './defaults.ts';
import { toAlternatives } from './keys.ts';
import { type FormReading, toColumns, toFormReadings } from './readings.ts';

export function toForm(type: TypeDraft, form: FormDraft, draft: Draft): Form | null {
  const { words } = form;
  const sync = words.sync ?? type.words?.sync;
  if (sync === undefined) return null;
  const strict = toStrictFields(type);
  const isFile = draft.sources.get(words.source)?.kind === 'file';
  return {
    index: form.index,
    source: words.source,
    object: words.object,
    shape: words.shape ?? null,
    where: (words.where ?? []).map(toCondition),
    extend: (words.extend ?? []).map(({ object, as, on }) => ({
      object,
      as,
      on: Object.entries(on).map(([its, own]) => ({ its, own })),
    })),
    each: words.each ?? null,
    fan: words.fan ?? null,
    unpivot:
      words.unpivot === undefined
        ? null
        : {
            columns: Object.entries(words.unpivot.columns).map(([column, label]) => ({ column, label })),
            skip: words.unpivot.skip ?? [],
          },
    only: words.only ?? null,
    adds: words.adds ?? true,
    sync: toSync(sync, isFile),
    readings: toFormReadings(type, form).map((reading) => toReading(reading, strict)),
  };
}

function toCondition({
  column,
  op,
  value,
}: {
  column: string;
  op: Condition['op'];
  value?: unknown;
}): Condition {
  return value === undefined
    ? { column, op }
    : { column, op, value: value as NonNullable<Condition['value']> };
}

function toSync(words: SyncWords, isFile: boolean): Sync {
  const { strategy, every, overlap, late, cursor, scope } = words;
  return {
    strategy,
    every: strategy === 'push' || isFile ? null : (every ?? null),
    overlap: overlap ?? 'PT0S',
    late: late ?? 'PT0S',
    cursor: cursor === undefined ? null : { column: cursor.column, format: cursor.format ?? null },
    scope: scope ?? [],
  };
}

/** Fields without which a row has no identity or time: a bad one always sets the record aside (manifest §7). */
function toStrictFields(type: TypeDraft): ReadonlySet<string> {
  const parts = type.words?.key ?? [];
  const linked = parts.flatMap((part) => {
    const link = type.links?.get(part);
    return link == null ? [part] : toAlternatives(link).flatMap((pairs) => Object.keys(pairs));
  });
  return new Set([...linked, ...(type.words?.time === undefined ? [] : [type.words.time])]);
}

function toReading(reading: FormReading, strict: ReadonlySet<string>): Reading {
  const { field, converter, words } = reading;
  return {
    field,
    converter,
    columns: toColumns(reading),
    point: words.point === undefined ? null : toPoint(words.point),
    flags: Object.entries(words.flags ?? {}).map(([column, value]) => ({ column, value })),
    options: toOptions(reading),
    onBad: strict.has(field) ? 'setAside' : (words.onBad ?? 'null'),
    optional: words.optional ?? false,
  };
}

function toPoint(point: NonNullable<FieldWords['point']>): PointColumns {
  if ('lon' in point) return { lon: point.lon, lat: point.lat };
  if ('east' in point) return { east: point.east, north: point.north };
  return { text: point.text, order: point.order, by: point.by ?? ',' };
}

/** Options under the names of the model; those that a manifest left out are left out here. */
function toOptions(reading: FormReading): ReadingOptions {
  const { converter, words } = reading;
  const { nullWhen, emptyAs, valueWhen, part, strip, pattern, split, many, places, range, quality } = words;
  const { yes, no, when, list, formats, draw, by, suffix, point } = words;
  const options = {
    nullWhen: point?.nullWhen ?? nullWhen,
    emptyAs,
    valueWhen,
    part,
    strip,
    pad: toPad(reading),
    case: words.case,
    pattern,
    split,
    many,
    scale: point?.scale ?? words.scale,
    places,
    range,
    quality,
    yes,
    no,
    when,
    list,
    formats,
    future: converter === 'time' ? (words.future ?? DEFAULT_FUTURE) : undefined,
    unit: converter === 'duration' && typeof words.unit === 'string' ? words.unit : undefined,
    unitBy: typeof words.unit === 'object' ? words.unit.by : undefined,
    form: point?.form ?? words.form,
    draw,
    by,
    with: words.with,
    suffix,
    const: words.const,
  };
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as ReadingOptions;
}

function toPad(reading: FormReading): { readonly [column: string]: number } | undefined {
  const { pad } = reading.words;
  if (typeof pad !== 'number') return pad;
  return Object.fromEntries(toColumns(reading).map((column) => [column, pad]));
}
