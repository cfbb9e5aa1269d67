// The lines of `extensions.sources` for an operation that one statement answered: the same that stitching would leave, but each
// unit was asked once.
import type { Catalog } from '../compile/catalog.ts';
import type { Hop } from '../compile/planning.ts';
import type { TypeState } from '../compile/type-state.ts';
import type { SourceReport } from '../subschema/contract.ts';
import { addSourceReport, toLookReports, toSourceReport } from '../subschema/source-report.ts';
import type { MarkedAnswer } from './read-answer.ts';

export type Read = {
  readonly hops: readonly Hop[];
  readonly states: readonly TypeState[];
  readonly answer: MarkedAnswer;
  /** Of the one statement. */
  readonly milliseconds: number;
};

/** One line a unit that the answer reached, in the order of the units' names. */
export function toWholeSources(
  { units, owners }: Pick<Catalog, 'units' | 'owners'>,
  read: Read,
  now: number,
): readonly SourceReport[] {
  const { hops, states, answer } = read;
  const byName = new Map(units.map((unit) => [unit.unit, unit]));
  const lines: SourceReport[] = [];
  for (const hop of hops) {
    const unit = byName.get(hop.unit);
    if (unit === undefined || (!hop.sure && !answer.hops.has(hop.index))) continue;
    const its = states.filter(({ type }) => hop.types.has(type));
    const touched = { types: [...hop.types], states: its, rows: 0, milliseconds: 0 };
    for (const line of [toSourceReport(unit, touched, now), ...toLookReports(unit, owners, touched, now)])
      addSourceReport(lines, line);
  }
  return lines.map((line) => ({
    ...line,
    requests: Math.min(1, line.requests),
    milliseconds: Math.round(read.milliseconds),
    rows: answer.rows.get(units.findIndex(({ unit }) => unit === line.unit)) ?? 0,
  }));
}
