// What the store knows of the units, read once an operation whatever asks for it: four statements at most, none of which
// runs before one of its values is asked for.
import type { Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { toFeedName } from '../../jobs/plan/plan-feeds.ts';
import type { FeedKey } from '../../store/contract.ts';
import { type RunRow, toRunsStatement } from '../compile/runs-sql.ts';
import {
  DRIFTS,
  type DriftRow,
  KEPT,
  type KeptRow,
  STATES,
  type StateRow,
} from '../compile/unit-facts-sql.ts';
import type { OperationContext } from './contract.ts';
import type { HubRead } from './hub-part.ts';

export type UnitFacts = {
  states(): Promise<readonly StateRow[]>;
  /** Records set aside and waiting; a type without any has no row. */
  kept(): Promise<readonly KeptRow[]>;
  /** The newest run of each feed, by `unit` and feed name. */
  runs(): Promise<readonly RunRow[]>;
  /** How the units' tables differ from what is known of them. */
  drifts(): Promise<readonly DriftRow[]>;
};

/** The facts of an operation: asked for twice, read once. Each rejects when the store does not answer. */
export function toUnitFacts(units: readonly Unit[], read: HubRead): (context: OperationContext) => UnitFacts {
  const runs = toRunsStatement(units.flatMap(toFeeds));
  const byContext = new WeakMap<OperationContext, UnitFacts>();
  return (context) => {
    const facts = byContext.get(context) ?? {
      states: toOnce(() => read<StateRow>(STATES, context)),
      kept: toOnce(() => read<KeptRow>(KEPT, context)),
      runs: toOnce(() => read<RunRow>(runs, context)),
      drifts: toOnce(() => read<DriftRow>(DRIFTS, context)),
    };
    byContext.set(context, facts);
    return facts;
  };
}

/** The newest run of any feed that brings this type. */
export function findLastRun(unit: Unit, type: UnitType, runs: readonly RunRow[]): RunRow | null {
  const feeds = new Set(type.forms.map((form) => toFeedName(form.source, form.object, form.sync.strategy)));
  let last: RunRow | null = null;
  for (const run of runs) {
    if (run.unit !== unit.unit || !feeds.has(toFeedName(run.source, run.object, run.strategy))) continue;
    if (last === null || BigInt(run.id) > BigInt(last.id)) last = run;
  }
  return last;
}

/** The feeds that bring these types of the unit. */
export function toFeeds({ unit, types }: Pick<Unit, 'unit' | 'types'>): readonly FeedKey[] {
  const feeds = new Map<string, FeedKey>();
  for (const { source, object, sync } of types.flatMap(({ forms }) => forms))
    feeds.set(toFeedName(source, object, sync.strategy), { unit, source, object, strategy: sync.strategy });
  return [...feeds.values()];
}

function toOnce<Answer>(read: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | null = null;
  return () => {
    answer ??= read();
    return answer;
  };
}
