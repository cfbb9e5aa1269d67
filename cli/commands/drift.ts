// `hub drift`: how the departments' tables differ from what is known of them, and a person's word that they may.
import { toDriftText } from '../../jobs/drift/tell-drift.ts';
import type { DriftStore, SeenDrift } from '../../store/contract.ts';
import type { Config } from '../config.ts';
import { findUnit, withOperator } from '../open-operator.ts';
import { print } from '../print.ts';

export async function runDrift(config: Config, unit: string | undefined): Promise<void> {
  await withStore(config, unit, async (drift) => {
    const found = await drift.list(unit);
    for (const one of found) print(toLine(one));
    if (found.length === 0) print('各表与已知的一致 Every table is as it is known.');
  });
}

/** `feed`: one object of a source, `fork/st_river_r`; without it all of the unit. */
export async function runDriftAccept(config: Config, unit: string, feed: string | undefined): Promise<void> {
  await withStore(config, unit, async (drift) => {
    const accepted = await drift.accept(unit, feed);
    for (const one of accepted) print(toLine(one));
    const missing = accepted.filter(({ change, types }) => change === 'DROPPED' && types.length > 0);
    if (accepted.length === 0) print('没有可接受的变化 There is nothing to accept.');
    else if (missing.length === 0)
      print('已接受，下次同步按现状读取 Accepted: the next run reads the tables as they are.');
    else
      print(
        '已接受；但缺列的类型仍停止，请更正清单 Accepted, but a type that needs a column which is gone stays stopped: correct its manifest.',
      );
  });
}

async function withStore(
  config: Config,
  unit: string | undefined,
  work: (drift: DriftStore) => Promise<void>,
): Promise<void> {
  await withOperator(config, async (operator) => {
    if (unit !== undefined) findUnit(operator, unit);
    await work(operator.store.drift);
  });
}

function toLine(drift: SeenDrift): string {
  const { feed, seenAt, types } = drift;
  const stopped = types.length === 0 ? '' : `  停止 stops ${types.join(', ')}`;
  return `${seenAt}  ${feed.unit}/${feed.source}  ${toDriftText(drift)}${stopped}`;
}
