// From a manifest and what stands in the database to the statements that make the two agree. Pure: the same manifest
// over its own result gives no statement.
import type { Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { toMillis } from '../../schema/duration.ts';
import {
  isPartitioned,
  toBareTableName,
  toHistoryName,
  toPointColumnNames,
  toTableName,
} from '../columns.ts';
import { addMonths, toMonth, toMonths, toPartitionName, toPartitionSql } from '../partitions.ts';
import { isPlaced, toDropPlacesSql, toFillPlacesSql, toForgetPlacesSql, toKeepPlacesSql } from '../places.ts';
import { quoteIdentifier } from '../sql-identifiers.ts';
import type { UnitCatalog } from './catalog.ts';
import { planTable, type Refusal, type TablePlan } from './plan-table.ts';
import { joinShapes, type TypeShape, toUnitShape, type UnitShape } from './shape.ts';
import { toCreateSql, toFormerIndexes, toIndexes } from './table-sql.ts';

export type UnitMigration = {
  readonly statements: readonly string[];
  readonly refusals: readonly Refusal[];
  readonly shape: UnitShape;
  /** Types that want rows or values which their feeds have passed already: new, returned, or with a new column. */
  readonly unread: readonly UnitType[];
};

/** Schemas that are not a unit's. */
const TAKEN = new Set(['hub', 'public', 'bullmq', 'information_schema', 'pg_catalog']);

/** `now`: milliseconds, UTC; months are made from the backfill's first to the next one. */
export function planUnit(
  unit: Unit,
  before: UnitShape | null,
  catalog: UnitCatalog,
  now: number,
): UnitMigration {
  const plans = unit.types.map((type) => planType(unit.unit, type, before, catalog, now));
  const refusals = [...toNameRefusals(unit), ...plans.flatMap((plan) => plan.refusals)];
  const left = Object.entries(before?.types ?? {}).filter(
    ([name]) => !unit.types.some((one) => one.name === name),
  );
  const removed = left.filter(([, type]) => !type.kept);
  const forgotten = left.filter(([, { table }]) => catalog.placed.has(table));
  return {
    refusals,
    shape: joinShapes(before, toUnitShape(unit)),
    unread: unit.types.filter((type, index) => isUnread(before?.types[type.name], plans[index])),
    statements: [
      ...plans.flatMap((plan) => plan.statements),
      ...forgotten.flatMap(([name, { table }]) => toDropPlacesSql(unit.unit, name, table)),
      ...removed.map(([name]) => `-- kept: ${toTableName(unit.unit, name)} is no longer in the manifest`),
    ],
  };
}

function isUnread(old: TypeShape | undefined, plan: TablePlan | undefined): boolean {
  return (
    old === undefined || old.kept || plan?.statements.some((text) => text.includes(' ADD COLUMN ')) === true
  );
}

function planType(
  unit: string,
  type: UnitType,
  before: UnitShape | null,
  catalog: UnitCatalog,
  now: number,
): TablePlan {
  const name = toBareTableName(type.name);
  const table = catalog.tables.get(name);
  const old = before?.types[type.name];
  if (table !== undefined && old === undefined) return { statements: [], refusals: [toForeign(unit, type)] };
  const plan =
    table === undefined || old === undefined
      ? { statements: toCreateSql(unit, type), refusals: [] }
      : planTable(unit, type, {
          table,
          history: catalog.tables.get(`${name}_history`),
          before: old,
        });
  if (plan.refusals.length > 0) return plan;
  // A table that is made anew has lost its indexes and months.
  const fresh = plan.statements.some((statement) => statement.startsWith('CREATE TABLE'));
  const has = (relation: string) => !fresh && catalog.relations.has(relation);
  const months = isPartitioned(type) ? toMonthsAhead(type, now) : [];
  return {
    refusals: [],
    statements: [
      ...plan.statements,
      ...toFormerIndexes(type)
        .filter(has)
        .map((index) => `DROP INDEX ${quoteIdentifier(unit)}.${quoteIdentifier(index)}`),
      ...toIndexes(unit, type)
        .filter((index) => !has(index.name))
        .map((index) => index.sql),
      ...planPlaces(unit, type, { table: name, placed: catalog.placed.has(name), fresh }, plan),
      ...months
        .filter((month) => !has(toPartitionName(name, month)))
        .flatMap((month) => toPartitionSql(unit, name, month)),
    ],
  };
}

type Kept = { readonly table: string; readonly placed: boolean; readonly fresh: boolean };

// A table that is made anew has lost its triggers and its rows; a column that was made anew has no place for any.
function planPlaces(unit: string, type: UnitType, kept: Kept, { statements }: TablePlan): readonly string[] {
  if (kept.fresh) {
    const forget = kept.placed ? [toForgetPlacesSql(unit, type.name)] : [];
    return isPlaced(type) ? [...forget, ...toKeepPlacesSql(unit, type)] : forget;
  }
  if (!isPlaced(type)) return kept.placed ? toDropPlacesSql(unit, type.name, kept.table) : [];
  if (!kept.placed) return toKeepPlacesSql(unit, type);
  const columns = Object.values(toPointColumnNames('location')).map(quoteIdentifier);
  const isMoved = statements.some((text) => columns.some((column) => text.includes(`ADD COLUMN ${column}`)));
  return isMoved ? [toForgetPlacesSql(unit, type.name), toFillPlacesSql(unit, type)] : [];
}

function toMonthsAhead(type: UnitType, now: number): readonly string[] {
  return toMonths(toMonth(now - toMillis(type.backfill)), addMonths(toMonth(now), 1));
}

function toForeign(unit: string, type: UnitType): Refusal {
  return {
    type: type.name,
    field: null,
    reason: `${toTableName(unit, type.name)} exists already and the hub did not make it`,
    fix: `move that table away, or rename schema ${quoteIdentifier(unit)}`,
  };
}

// `HydroStationHistory` would lie in the history table of `HydroStation`.
function toNameRefusals(unit: Unit): readonly Refusal[] {
  const taken = TAKEN.has(unit.unit)
    ? [
        {
          type: '',
          field: null,
          reason: `schema ${unit.unit} belongs to the hub`,
          fix: 'give the unit another name',
        },
      ]
    : [];
  const histories = new Set(unit.types.map((type) => toHistoryName(unit.unit, type.name)));
  const doubled = unit.types
    .filter((type) => histories.has(toTableName(unit.unit, type.name)))
    .map((type) => ({
      type: type.name,
      field: null,
      reason: `its table ${toTableName(unit.unit, type.name)} would be the history of another type`,
      fix: 'give the type another name',
    }));
  return [...taken, ...doubled];
}
