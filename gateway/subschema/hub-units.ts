// The part of the hub's subschema about the units themselves: their names lie in memory, how they are comes from the store.
// Each field asks for the fact that it needs, so a store that is away leaves the names standing.
import type { Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { toDurationText, toMillis } from '../../schema/duration.ts';
import type { KeptRow, StateRow } from '../compile/unit-facts-sql.ts';
import type { OperationContext, SourceReport } from './contract.ts';
import type { HubPart, HubRead } from './hub-part.ts';
import { toRunNode } from './hub-runs.ts';
import { findLastRun, toUnitFacts, type UnitFacts } from './hub-unit-facts.ts';
import { HUB_UNITS_SDL } from './hub-units-sdl.ts';
import { toSourceReport } from './source-report.ts';

type FactsOf = (context: OperationContext) => UnitFacts;
type Field<Answer> = (args: unknown, context: OperationContext) => Promise<Answer>;

export function toUnitsPart(units: readonly Unit[], read: HubRead): HubPart {
  const factsOf = toUnitFacts(units, read);
  const byCode = new Map(units.map((unit) => [unit.unit, toUnitNode(unit, factsOf)]));
  const find = (code: string) => byCode.get(code) ?? null;
  return {
    typeDefs: HUB_UNITS_SDL,
    rootValue: {
      units: () => [...byCode.values()],
      unit: ({ code }: { readonly code: string }) => find(code),
      _hubUnits: ({ codes }: { readonly codes: readonly string[] }) => codes.map(find),
    },
  };
}

function toUnitNode(unit: Unit, factsOf: FactsOf) {
  const names = unit.types.map((type) => type.name);
  const promises = unit.types.map((type) => toMillis(type.promise));
  const kept = toKeptFields(factsOf, (row) => row.unit === unit.unit);
  const status: Field<SourceReport['status']> = async (_args, context) =>
    toReport(unit, names, await factsOf(context).states(), context).status;
  const freshness: Field<object> = async (_args, context) =>
    toFreshnessNode(
      toReport(unit, names, await factsOf(context).states(), context),
      promises.length === 0 ? null : Math.min(...promises),
    );
  const drift: Field<readonly object[]> = async (_args, context) =>
    (await factsOf(context).drifts()).filter((row) => row.unit === unit.unit);
  return {
    code: unit.unit,
    name: unit.name.zh,
    nameEn: unit.name.en,
    status,
    freshness,
    ...kept,
    types: unit.types.map((type) => toTypeNode(unit, type, factsOf)),
    drift,
  };
}

function toTypeNode(unit: Unit, type: UnitType, factsOf: FactsOf) {
  const isIts = (row: { readonly unit: string; readonly type: string | null }): boolean =>
    row.unit === unit.unit && row.type === type.name;
  const toStateField =
    <Answer>(toValue: (state: StateRow | undefined) => Answer): Field<Answer> =>
    async (_args, context) =>
      toValue((await factsOf(context).states()).find(isIts));
  const freshness: Field<object> = async (_args, context) =>
    toFreshnessNode(
      toReport(unit, [type.name], await factsOf(context).states(), context),
      toMillis(type.promise),
    );
  const lastRun: Field<object | null> = async (_args, context) => {
    const run = findLastRun(unit, type, await factsOf(context).runs());
    return run === null ? null : toRunNode(run, context.now);
  };
  return {
    name: type.name,
    label: type.label.zh,
    labelEn: type.label.en,
    role: type.role.toUpperCase(),
    rows: toStateField((state) => state?.rows ?? 0),
    version: toStateField((state) => state?.version ?? '0'),
    // Null while nothing has compared the source with the store: never 0 for what is not known.
    gap: toStateField((state) => state?.gap ?? null),
    surplus: toStateField((state) => state?.surplus ?? null),
    gapBasis: toStateField((state) => state?.gapBasis ?? 'UNKNOWN'),
    reconciledAt: toStateField((state) => state?.reconciledAt ?? null),
    ...toKeptFields(factsOf, isIts),
    freshness,
    lastRun,
  };
}

/** How these types of the unit are: the rule by which `extensions.sources` judges what an answer touched. */
function toReport(
  unit: Unit,
  types: readonly string[],
  states: readonly StateRow[],
  { now }: OperationContext,
): SourceReport {
  const its = states.filter((state) => state.unit === unit.unit && types.includes(state.type));
  return toSourceReport(unit, { types, states: its, rows: 0, milliseconds: 0 }, now);
}

function toFreshnessNode({ ageSeconds, freshness }: SourceReport, promiseMs: number | null) {
  return {
    promise: promiseMs === null ? null : toDurationText(promiseMs),
    actual: ageSeconds === null ? null : toDurationText(ageSeconds * 1000),
    level: freshness,
  };
}

function toKeptFields(factsOf: FactsOf, isIts: (row: KeptRow) => boolean) {
  const toField =
    (of: 'setAside' | 'waiting'): Field<number> =>
    async (_args, context) =>
      (await factsOf(context).kept()).filter(isIts).reduce((sum, row) => sum + row[of], 0);
  return { setAside: toField('setAside'), waiting: toField('waiting') };
}
