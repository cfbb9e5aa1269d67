// `hub drift`: how the departments' tables differ from what is known of them, and a person's word that they may.
import { toDriftText } from '../../jobs/drift/tell-drift.ts';
import { HubError } from '../../schema/errors.ts';
import type { DriftStore, SeenDrift } from '../../store/contract.ts';
import type { Config } from '../config.ts';
import { openOperator } from '../open-operator.ts';

export async function runDrift(config: Config, unit: string | undefined): Promise<void> {
  await withStore(config, unit, async (drift) => {
    const found = await drift.list(unit);
    for (const one of found) print(toLine(one));
    if (found.length === 0) print('every table is as it is known');
  });
}

/** `feed`: one object of a source, `fork/st_river_r`; without it all of the unit. */
export async function runDriftAccept(config: Config, unit: string, feed: string | undefined): Promise<void> {
  await withStore(config, unit, async (drift) => {
    const accepted = await drift.accept(unit, feed);
    for (const one of accepted) print(toLine(one));
    const missing = accepted.filter(({ change, types }) => change === 'DROPPED' && types.length > 0);
    if (accepted.length === 0) print('there is nothing to accept');
    else if (missing.length === 0) print('accepted: the next run reads the tables as they are');
    else print('accepted, but a type that needs a column which is gone stays stopped: correct its manifest');
  });
}

async function withStore(
  config: Config,
  unit: string | undefined,
  work: (drift: DriftStore) => Promise<void>,
): Promise<void> {
  const operator = await openOperator(config);
  try {
    const names = operator.units.map((one) => one.unit);
    if (unit !== undefined && !names.includes(unit))
      throw new HubError('HUB_CONFIG_INVALID', `no unit ${unit}; there are ${names.join(', ')}`);
    await work(operator.store.drift);
  } finally {
    await operator.close();
  }
}

function toLine(drift: SeenDrift): string {
  const { feed, seenAt, types } = drift;
  const stopped = types.length === 0 ? '' : `  stops ${types.join(', ')}`;
  return `${seenAt}  ${feed.unit}/${feed.source}  ${toDriftText(drift)}${stopped}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
