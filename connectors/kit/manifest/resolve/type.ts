// A type's draft → UnitType: defaults, division ways, what its forms inherit. Called by unit.ts.
import type { DataClass } from '../../../../schema/provenance.ts';
import type { Draft, TypeDraft } from '../draft.ts';
import type { Deletes, DivisionWay, UnitType } from '../model.ts';
import type { TypeWords, WayWords } from '../shape/type.ts';
import { DEFAULT_BACKFILL, DEFAULT_HISTORY, DEFAULT_MAX_PERCENT } from './defaults.ts';
import { toFields } from './fields.ts';
import { toForm } from './form.ts';
import { toLink } from './links.ts';

/** What a type inherits from its unit. */
export type UnitHead = { readonly unit: string; readonly class: DataClass };

export function toUnitType(type: TypeDraft, draft: Draft, unit: UnitHead): UnitType | null {
  const { name, words } = type;
  if (words === null || type.fields === null || type.links === null || type.forms === null) return null;
  const dataClass = words.class ?? unit.class;
  const fields = toFields(type, draft, dataClass);
  const forms = type.forms.map((form) => (form === null ? null : toForm(type, form, draft)));
  const links = [...type.links].map(([link, own]) =>
    own === null ? null : toLink(link, own, draft, unit.unit),
  );
  if (fields === null || forms.includes(null) || links.includes(null)) return null;
  return {
    name,
    label: { zh: words.zh, en: words.en },
    description: words.description ?? null,
    role: words.role,
    forms: forms.filter((form) => form !== null),
    key: words.key,
    unique: words.unique ?? [],
    merge: words.merge ?? 'row',
    time: words.time ?? null,
    valid: words.valid === undefined ? null : { ...words.valid, yearly: words.valid.yearly ?? false },
    of: words.of ?? null,
    as: words.as ?? null,
    deletes: toDeletes(words),
    quiet: toQuiet(words),
    promise: words.freshness.promise,
    backfill: words.backfill ?? DEFAULT_BACKFILL,
    keep: words.keep ?? null,
    history: words.history ?? DEFAULT_HISTORY,
    retains: words.retains ?? null,
    read: words.read ?? 'store',
    division: words.division.flatMap(toWay),
    class: dataClass,
    fields,
    links: links.filter((link) => link !== null),
  };
}

function toDeletes({ deletes }: TypeWords): Deletes {
  const by = deletes === undefined ? [] : [deletes.by].flat();
  const column = by.includes('column');
  return {
    absence: by.includes('absence'),
    column: column ? (deletes?.column ?? null) : null,
    when: column ? (deletes?.when ?? []) : [],
    maxPercent: deletes?.maxPercent ?? DEFAULT_MAX_PERCENT,
  };
}

function toQuiet({ quiet }: TypeWords): UnitType['quiet'] {
  if (quiet === undefined) return null;
  return { feed: quiet.feed ?? null, thing: quiet.thing ?? null, heartbeat: quiet.heartbeat ?? null };
}

function toWay(way: WayWords): DivisionWay[] {
  if (way === 'none') return [];
  if ('code' in way) return [{ by: 'code', column: way.code, digits: way.digits ?? null }];
  if ('name' in way) return [{ by: 'name', columns: way.name }];
  if ('link' in way) return [{ by: 'link', link: way.link }];
  return 'point' in way ? [{ by: 'point', field: way.point }] : [{ by: 'shape', field: way.shape }];
}
