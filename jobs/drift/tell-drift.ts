// Drift in the words of people: for the run that it stops, for the log and for `hub drift`. Pure.
import type { Drift, FeedKey } from '../../store/contract.ts';

/** `st_river_r has no column z (feeds RiverReading.stage)`. */
export function toDriftText({ relation, column, change, was, kind, fields }: Drift): string {
  const feeds = fields.length === 0 ? '' : ` (feeds ${fields.join(', ')})`;
  switch (change) {
    case 'DROPPED':
      return `${relation} has no column ${column}${feeds}`;
    case 'NEW':
      return `${relation} has a new column ${column}, ${kind}`;
    default:
      return `${relation}.${column} is ${kind} and was ${was}${feeds}`;
  }
}

/** Why types are stopped, and what a person can do; all columns at once. */
export function toStopText({ unit, source, object }: FeedKey, drifts: readonly Drift[]): string {
  const stopping = drifts.filter(({ types }) => types.length > 0);
  const isGone = stopping.some(({ change }) => change === 'DROPPED');
  const isRetyped = stopping.some(({ change }) => change === 'RETYPED');
  const ways = [
    ...(isGone ? ['correct the manifest, or mark the fields optional'] : []),
    ...(isRetyped
      ? [`correct the readings, or accept it: hub drift accept ${unit} ${source}/${object}`]
      : []),
  ];
  return `${unit}/${source}: ${stopping.map(toDriftText).join('; ')}; ${ways.join('; ')}`;
}
