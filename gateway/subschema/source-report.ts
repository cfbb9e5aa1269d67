// The line of `extensions.sources` that a unit leaves behind: what of it was touched, how old it is, and how it went.
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { toMillis } from '../../schema/duration.ts';
import { type Freshness, toFreshness, type Via } from '../../schema/provenance.ts';
import type { TypeState } from '../compile/type-state.ts';
import type { SourceReport } from './contract.ts';
import { isLoaded } from './not-loaded.ts';

const WORST_FIRST: readonly Freshness[] = ['DEAD', 'STALE', 'LATE', 'LIVE'];
const STATUS_WORST_FIRST: readonly SourceReport['status'][] = ['DOWN', 'DEGRADED', 'OK'];
const VIA_WORST_FIRST: readonly Via[] = ['FALLBACK', 'STORE', 'EDGE', 'LIVE'];

/** What one request asked of a unit; types of other units that it looked at are told of in their lines. `states`: null where the store did not answer. */
export type Touched = {
  readonly types: readonly string[];
  readonly states: readonly TypeState[] | null;
  readonly rows: number;
  readonly milliseconds: number;
};

export function toSourceReport(unit: Unit, touched: Touched, now: number): SourceReport {
  const { states, rows } = touched;
  const milliseconds = Math.round(touched.milliseconds);
  const base = { unit: unit.unit, milliseconds, requests: 1, rows };
  if (states === null) return { ...base, status: 'DOWN', via: null, freshness: null, ageSeconds: null };
  const byType = new Map(states.map((state) => [state.type, state]));
  const types = unit.types.filter((type) => touched.types.includes(type.name));
  const loaded = types.filter((type) => isLoaded(byType.get(type.name)));
  const ages = types.map((type) => toAge(byType.get(type.name)?.completeMs, now));
  const failing = types.some((type) => byType.get(type.name)?.failing === true);
  const freshness = types.map((type, index) => toFreshness(ages[index] ?? null, toMillis(type.promise)));
  const oldest = ages.some((age) => age === null) ? null : Math.max(0, ...ages.map(Number));
  if (types.length > 0 && loaded.length === 0) {
    return { ...base, status: 'DOWN', via: null, freshness: 'DEAD', ageSeconds: null };
  }
  return {
    ...base,
    status: failing || loaded.length < types.length ? 'DEGRADED' : 'OK',
    via: failing ? 'FALLBACK' : 'STORE',
    freshness: toWorst(freshness, WORST_FIRST),
    ageSeconds: types.length === 0 || oldest === null ? null : Math.round(oldest / 1000),
  };
}

/**
 * The lines of other units at whose rows a condition, an order or a group looked: the answer is only as fresh as those. No
 * request was sent to them and none of their rows was handed out. Empty where the store did not answer.
 */
export function toLookReports(
  unit: Unit,
  owners: ReadonlyMap<string, Unit>,
  { types, states }: Touched,
  now: number,
): readonly SourceReport[] {
  if (states === null) return [];
  const others = new Set(types.map((type) => owners.get(type)).filter((one) => one !== undefined));
  return [...others].flatMap((other): SourceReport[] => {
    if (other.unit === unit.unit) return [];
    const its = new Set(other.types.map(({ name }) => name));
    const looked = { types, states: states.filter(({ type }) => its.has(type)), rows: 0, milliseconds: 0 };
    return [{ ...toSourceReport(other, looked, now), requests: 0 }];
  });
}

/**
 * Adds a line to those of the operation; several requests to one unit become one line. Lines stand in the order of the
 * units' names: which unit answers first differs from one question to the next, and the answer must not.
 */
export function addSourceReport(sources: SourceReport[], report: SourceReport): void {
  const at = sources.findIndex((one) => one.unit >= report.unit);
  const found = sources[at];
  if (found === undefined) sources.push(report);
  else if (found.unit === report.unit) sources[at] = toMerged(found, report);
  else sources.splice(at, 0, report);
}

function toMerged(left: SourceReport, right: SourceReport): SourceReport {
  const ages = [left.ageSeconds, right.ageSeconds].filter((age) => age !== null);
  return {
    unit: left.unit,
    status: toWorst([left.status, right.status], STATUS_WORST_FIRST) ?? 'OK',
    via: toWorst([left.via, right.via], VIA_WORST_FIRST),
    freshness: toWorst([left.freshness, right.freshness], WORST_FIRST),
    ageSeconds: ages.length === 0 ? null : Math.max(...ages),
    milliseconds: left.milliseconds + right.milliseconds,
    requests: left.requests + right.requests,
    rows: left.rows + right.rows,
  };
}

function toWorst<Word>(words: readonly (Word | null)[], worstFirst: readonly Word[]): Word | null {
  return worstFirst.find((word) => words.includes(word)) ?? null;
}

function toAge(completeMs: number | null | undefined, now: number): number | null {
  return completeMs == null ? null : Math.max(0, now - completeMs);
}
