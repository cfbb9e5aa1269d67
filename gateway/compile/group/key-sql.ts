// A group's key in SQL: each of its parts read from a row, and the JSON of the key as it was asked for.
import type { DivisionLevel } from '../../../schema/divisions/division.ts';
import type { CatalogType } from '../catalog.ts';
import { toDivisionSql } from '../division-sql.ts';
import type { Draft } from '../draft.ts';
import { type JsonSql, NULL_JSON, toFixed, toObject } from '../json-sql.ts';
import { toGroupsName } from '../names.ts';
import { toOwnValue } from '../order/order-sql.ts';
import type { DivisionField, KeyField } from '../plan.ts';
import { toFieldColumn, toIdSql } from '../row-columns.ts';
import { toScalarJson, toTextJson, toTimeJson } from '../value-sql.ts';
import { toRowOf } from '../where/plan-where.ts';
import { toThrough } from '../where/through-sql.ts';
import { toBucketSql } from './bucket.ts';
import type { GroupTerm } from './group-node.ts';

/** The part of the key that the row `alias` has. */
export function toTermSql(type: CatalogType, term: GroupTerm, alias: string, draft: Draft): string {
  return toThrough(type, term.via, alias, draft, (to, row) => {
    switch (term.kind) {
      case 'field':
        return toOwnValue(to, term.field, row);
      case 'bucket':
        return toBucketSql(toFieldColumn(row, term.field), to.zone, draft.bind(term.slot, 'float8'));
      case 'division':
        return toLevelSql(term.level, toDivisionSql(to, row, draft), draft);
    }
  });
}

/** The division of this level in which a division lies; null where it is coarser. The city's code has two zeros for its county. */
function toLevelSql(level: DivisionLevel, division: string, draft: Draft): string {
  const at = draft.alias();
  const code = `${at}.code`;
  const steps: { readonly [Level in DivisionLevel]: string } = {
    CITY: `left(${code}, 4) || '00'`,
    COUNTY: `case when substr(${code}, 5, 2) not in ('', '00') then left(${code}, 6) end`,
    TOWN: `case when length(${code}) >= 9 then left(${code}, 9) end`,
    VILLAGE: `case when length(${code}) >= 12 then left(${code}, 12) end`,
  };
  return `(select ${steps[level]} from (select ${division} as code) ${at})`;
}

/** JSON of the division whose code is the expression `code`; null where that is null. */
export type DivisionJson = (fields: readonly DivisionField[], code: string) => JsonSql;

export type Key = {
  readonly terms: readonly GroupTerm[];
  /** The column of a part. */
  readonly toColumn: (term: number) => string;
  readonly toDivision: DivisionJson;
};

/** The key, or the parts of it that a link leads to. */
export function toKeyJson(type: CatalogType, fields: readonly KeyField[], key: Key): JsonSql {
  return toObject(fields.map((field) => ({ key: field.key, value: toFieldJson(type, field, key) })));
}

function toFieldJson(type: CatalogType, field: KeyField, key: Key): JsonSql {
  switch (field.kind) {
    case 'leaf':
      return toFixed(toGroupsName(type.type.name, 'GroupKey'));
    case 'null':
      return NULL_JSON;
    case 'term':
      return toTermJson(type, key.terms[field.term], key.toColumn(field.term));
    case 'division':
      return key.toDivision(field.fields, key.toColumn(field.term));
    case 'row': {
      const way = type.fields.get(field.name);
      const to = way === undefined ? null : toRowOf(way);
      return to === null ? NULL_JSON : toKeyJson(to, field.fields, key);
    }
  }
}

function toTermJson(type: CatalogType, term: GroupTerm | undefined, column: string): JsonSql {
  if (term === undefined || term.kind === 'division') return NULL_JSON;
  if (term.kind === 'bucket') return toTimeJson(column);
  if (term.field === 'id') return toTextJson(toIdSql(type.unit, type.type.name, column));
  const field = type.fields.get(term.field);
  return field?.kind === 'value' ? toScalarJson(field.field.graphql, column) : NULL_JSON;
}
