// What a manifest means for tables, as plain JSON: kept in hub.unit_schema after each migration, so that the next one can
// tell what changed. Types and columns that left the manifest stay in it, marked, because their rows stay too.
import type { Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import {
  isPartitioned,
  type SqlType,
  type StoredColumn,
  toBareTableName,
  toStoredColumns,
} from '../columns.ts';

export type ShapeColumn = {
  readonly column: string;
  readonly sqlType: SqlType;
  readonly field: string | null;
  readonly link: string | null;
  /** `unit.Type` of a link's target. */
  readonly to: string | null;
  /** No longer in the manifest; its values are kept. */
  readonly kept: boolean;
};

export type TypeShape = {
  readonly table: string;
  readonly role: UnitType['role'];
  /** Each part with its kind, since `0041` as text and as integer make different keys. */
  readonly key: readonly string[];
  readonly time: string | null;
  readonly partitioned: boolean;
  /** Identities of the forms, in order of precedence: what `_form` counts. */
  readonly forms: readonly string[];
  readonly columns: readonly ShapeColumn[];
  readonly kept: boolean;
};

export type UnitShape = { readonly types: { readonly [type: string]: TypeShape } };

export function toUnitShape(unit: Unit): UnitShape {
  return { types: Object.fromEntries(unit.types.map((type) => [type.name, toTypeShape(type)])) };
}

export function toTypeShape(type: UnitType): TypeShape {
  return {
    table: toBareTableName(type.name),
    role: type.role,
    key: type.key.map((part) => toKeyPart(type, part)),
    time: type.time,
    partitioned: isPartitioned(type),
    forms: toFormIds(type),
    columns: toStoredColumns(type).map((column) => toShapeColumn(type, column)),
    kept: false,
  };
}

/** `source/object`, numbered where a type has several forms of one object. */
export function toFormIds(type: UnitType): readonly string[] {
  const times = new Map<string, number>();
  return type.forms.map(({ source, object }) => {
    const name = `${source}/${object}`;
    const number = (times.get(name) ?? 0) + 1;
    times.set(name, number);
    return number === 1 ? name : `${name}#${number}`;
  });
}

/** The former shape's kept types and columns beside the new one's. */
export function joinShapes(before: UnitShape | null, after: UnitShape): UnitShape {
  const types: { [type: string]: TypeShape } = {};
  for (const [name, old] of Object.entries(before?.types ?? {})) types[name] = { ...old, kept: true };
  for (const [name, type] of Object.entries(after.types)) {
    const left = (types[name]?.columns ?? []).filter(
      (old) => !type.columns.some((column) => column.column === old.column),
    );
    types[name] = {
      ...type,
      columns: [...type.columns, ...left.map((column) => ({ ...column, kept: true }))],
    };
  }
  return { types };
}

function toShapeColumn(type: UnitType, column: StoredColumn): ShapeColumn {
  const to = type.links.find((link) => link.name === column.link)?.to ?? null;
  return {
    column: column.column,
    sqlType: column.sqlType,
    field: column.field,
    link: column.link,
    to: to === null ? null : `${to.unit}.${to.type}`,
    kept: false,
  };
}

function toKeyPart(type: UnitType, part: string): string {
  const link = type.links.find((candidate) => candidate.name === part);
  if (link?.to) return `${part}: link to ${link.to.unit}.${link.to.type}`;
  const field = type.fields.find((candidate) => candidate.name === part);
  const kind = field?.graphql.name ?? 'DateTime';
  // An integer's key is the same text, however wide its column.
  return `${part}: ${field?.graphql.isEnum === true ? 'code' : kind === 'Long' ? 'Int' : kind}`;
}
