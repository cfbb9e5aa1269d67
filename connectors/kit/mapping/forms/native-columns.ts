// Which of a source's columns a mapping needs: those that name a row there, and all that are read.
import { HubError } from '../../../../schema/errors.ts';
import type { Form, Reading, UnitType } from '../../manifest/model.ts';
import type { ObjectMapping } from '../outcome.ts';

/** The columns behind a type's key in this form: what the source itself calls the row by. */
export function toNativeColumns(type: UnitType, form: Form): readonly string[] {
  const fields = type.key.flatMap((part) => {
    const link = type.links.find(({ name }) => name === part);
    return link === undefined ? [part] : link.on.flatMap(({ pairs }) => pairs.map(({ own }) => own));
  });
  const columns = fields.flatMap(
    (field) => form.readings.find((reading) => reading.field === field)?.columns ?? [],
  );
  return [...new Set(columns)];
}

export type NeededColumns = Pick<ObjectMapping, 'columns' | 'items' | 'extends' | 'optional'>;

/** All columns of one object that the forms of several types read, of itself and of its 1:1 tables. */
export function toNeededColumns(
  uses: readonly { readonly type: UnitType; readonly form: Form }[],
): NeededColumns {
  const own = new Set<string>();
  const required = new Set<string>();
  const extendsOf = new Map<string, ObjectMapping['extends'][number] & { readonly columns: string[] }>();
  for (const { form } of uses) addExtends(form, extendsOf, required);
  for (const { type, form } of uses) {
    for (const { column, optional } of toUsedColumns(type, form)) {
      const [alias = '', ...rest] = column.split('.');
      const extend = form.extend.some(({ as }) => as === alias) ? extendsOf.get(alias) : undefined;
      if (extend === undefined) own.add(column);
      else if (!extend.columns.includes(rest.join('.'))) extend.columns.push(rest.join('.'));
      if (!optional) required.add(column);
    }
    for (const { on } of form.extend)
      for (const pair of on) {
        own.add(pair.own);
        required.add(pair.own);
      }
  }
  const all = [
    ...own,
    ...[...extendsOf.values()].flatMap(({ as, columns }) => columns.map((column) => `${as}.${column}`)),
  ];
  const items = toItems(uses);
  return {
    columns: [...own],
    ...(Object.keys(items).length === 0 ? {} : { items }),
    extends: [...extendsOf.values()],
    optional: all.filter((column) => !required.has(column)),
  };
}

function toItems(
  uses: readonly { readonly type: UnitType; readonly form: Form }[],
): Readonly<Record<string, readonly string[]>> {
  const items = new Map<string, Set<string>>();
  for (const { type, form } of uses) {
    if (form.each === null) continue;
    const columns = items.get(form.each) ?? new Set();
    for (const { column } of toColumnsInside(type, form)) if (!column.startsWith('^.')) columns.add(column);
    items.set(form.each, columns);
  }
  return Object.fromEntries([...items].map(([list, columns]) => [list, [...columns]]));
}

function addExtends(
  form: Form,
  extendsOf: Map<string, ObjectMapping['extends'][number] & { readonly columns: string[] }>,
  required: Set<string>,
): void {
  for (const { object, as, on } of form.extend) {
    const known = extendsOf.get(as);
    if (known !== undefined && (known.object !== object || JSON.stringify(known.on) !== JSON.stringify(on)))
      throw new HubError(
        'HUB_MAP_SHAPE',
        `${form.source}.${form.object}: two types extend it with different tables as ${as}: give them two names`,
        { place: { source: form.source, object: form.object } },
      );
    if (known === undefined) extendsOf.set(as, { object, as, on, columns: on.map(({ its }) => its) });
    for (const { its } of on) required.add(`${as}.${its}`);
  }
}

/** A column that a form reads, under the name by which the record has it, and what it is for: fields, or `(where)`, `(division)`, … */
export type UsedColumn = {
  readonly column: string;
  readonly optional: boolean;
  readonly fields: readonly string[];
};

/** Every column that a form reads, of its object and of its 1:1 tables (`alias.column`); one may come several times. */
export function toFormColumns(type: UnitType, form: Form): readonly UsedColumn[] {
  const joins = form.extend.flatMap(({ as, on }) =>
    on.flatMap(({ its, own }) => [
      { column: `${as}.${its}`, optional: false, fields: [`(extend ${as})`] },
      { column: own, optional: false, fields: [`(extend ${as})`] },
    ]),
  );
  return [...toUsedColumns(type, form), ...joins];
}

const need = (column: string, what: string): UsedColumn => {
  return { column, optional: false, fields: [`(${what})`] };
};

// Columns of items lie within the list that `each` names.
function toUsedColumns(type: UnitType, form: Form): readonly UsedColumn[] {
  const inItem = toColumnsInside(type, form);
  // Of the record itself, whatever its parts are.
  const mark = form.sync.cursor === null ? [] : [need(form.sync.cursor.column, 'cursor')];
  if (form.each === null) return [...inItem, ...mark];
  const around = inItem.filter(({ column }) => column.startsWith('^.'));
  return [
    need(form.each, 'each'),
    ...mark,
    ...around.map((use) => ({ ...use, column: use.column.slice(2) })),
  ];
}

/** Of what a row is read from: the record, or an element of the list that `each` names. `@…` comes with the message and not from the object. */
function toColumnsInside(type: UnitType, form: Form): readonly UsedColumn[] {
  const required = [
    ...form.where.map(({ column }) => need(column, 'where')),
    ...type.division.flatMap((way) => {
      const columns = way.by === 'code' ? [way.column] : way.by === 'name' ? way.columns : [];
      return columns.map((column) => need(column, 'division'));
    }),
    ...(type.deletes.column === null ? [] : [need(type.deletes.column, 'deletes')]),
    ...(form.unpivot?.columns.map(({ column }) => need(column, 'unpivot')) ?? []),
    ...(form.fan === null ? [] : [need(form.fan, 'fan')]),
  ];
  const read = form.readings.flatMap((reading) =>
    toReadColumns(reading).map((column) => {
      return { column, optional: reading.optional, fields: [reading.field] };
    }),
  );
  return [...read, ...required].filter(({ column }) => !column.startsWith('@'));
}

function toReadColumns({ columns, options }: Reading): readonly string[] {
  return options.quality === undefined ? columns : [...columns, options.quality.column];
}
