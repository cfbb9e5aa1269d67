// The entry of the mapping: a unit's manifest → for each object of its sources, a pure function from a record to what
// becomes of it (outcome.ts). Everything is compiled once; only values are looked at for each record.
import type { Divisions } from '../../../schema/divisions/divisions.ts';
import { HubError } from '../../../schema/errors.ts';
import type { SourceRecord } from '../contract.ts';
import type { Form, SourceSpec, Unit, UnitType } from '../manifest/model.ts';
import { compileCodeLists } from './code-list.ts';
import { hasColumn } from './columns.ts';
import type { MappingTools } from './converters/converter.ts';
import { type CompiledForm, compileForm } from './forms/compile-form.ts';
import { toNeededColumns } from './forms/native-columns.ts';
import type { MappingContext, ObjectMapping, Outcome } from './outcome.ts';
import { toZoneClock } from './wall-clock.ts';

type Use = { readonly type: UnitType; readonly form: Form };

/**
 * One mapping a source and object that feed any type, in the order of the manifest. Throws a HubError for what no record
 * could ever be read with: an undeclared code list, a pattern that is none, coordinates that cannot be converted.
 */
export function compileMappings(
  unit: Unit,
  { divisions }: { readonly divisions: Divisions },
): readonly ObjectMapping[] {
  const codeList = compileCodeLists(unit);
  const mappings: ObjectMapping[] = [];
  for (const source of unit.sources) {
    const tools: MappingTools = { clock: toZoneClock(source.zone), crs: source.crs, divisions, codeList };
    for (const uses of toUses(unit, source).values()) mappings.push(compileObject(uses, tools));
  }
  return mappings;
}

function toUses(unit: Unit, source: SourceSpec): ReadonlyMap<string, readonly Use[]> {
  const byObject = new Map<string, Use[]>();
  for (const type of unit.types)
    for (const form of type.forms) {
      if (form.source !== source.name) continue;
      const uses = byObject.get(form.object);
      if (uses === undefined) byObject.set(form.object, [{ type, form }]);
      else uses.push({ type, form });
    }
  return byObject;
}

function compileObject(uses: readonly Use[], tools: MappingTools): ObjectMapping {
  const [first] = uses;
  if (first === undefined) throw new HubError('HUB_INTERNAL', 'an object must feed a type to be mapped');
  const forms = uses.map(({ type, form }) => compileForm(type, form, tools));
  const types = [...new Set(forms.map(({ type }) => type))].map((type) => ({
    type,
    forms: forms.filter((form) => form.type === type),
  }));
  const { source, object } = first.form;
  return {
    source,
    object,
    ...toNeededColumns(uses),
    lacks: compileLacks(uses),
    map: (record, context) => mapRecord(record, context, types),
  };
}

// By shape alone: what a `where` refuses is not ours, but it is in the table and has its columns.
function compileLacks(uses: readonly Use[]): ObjectMapping['lacks'] {
  const forms = uses.map((use) => {
    const { columns, optional } = toNeededColumns([use]);
    const needed = columns.filter((column) => !column.startsWith('@') && !optional.includes(column));
    return { type: use.type.name, has: use.form.shape?.has ?? [], needed };
  });
  return (record) => {
    const taken = new Set<string>();
    const missing = forms.flatMap(({ type, has, needed }) => {
      if (taken.has(type) || !has.every((column) => hasColumn(record, column))) return [];
      taken.add(type);
      return needed.filter((column) => !hasColumn(record, column));
    });
    return [...new Set(missing)];
  };
}

// A record that some type's form knows by its shape is not strange to the others, it is just not theirs.
function mapRecord(
  record: SourceRecord,
  context: MappingContext,
  types: readonly { readonly type: string; readonly forms: readonly CompiledForm[] }[],
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  let known = false;
  for (const { type, forms } of types) {
    let taken: readonly Outcome[] | null = null;
    for (const form of forms) {
      if (!form.takesShape(record)) continue;
      known = true;
      taken = form.map(record, context);
      if (taken !== null) break;
    }
    if (taken !== null && types.length === 1) return taken;
    outcomes.push(...(taken ?? [{ kind: 'notOurs', type } as const]));
  }
  return known ? outcomes : [NO_FORM];
}

const NO_FORM: Outcome = {
  kind: 'setAside',
  type: null,
  fault: {
    code: 'HUB_MAP_NO_FORM',
    field: null,
    column: null,
    raw: null,
    message: 'no form has the columns of this record: declare one, or correct its shape',
  },
};
