// `hub deletes`: what the delete brake holds back, and letting it go. Keys are shown on the machine of the hub only.
import { toFeedName } from '../../jobs/plan/plan-feeds.ts';
import { HubError } from '../../schema/errors.ts';
import type { Braked } from '../../store/operate/contract.ts';
import type { Config } from '../config.ts';
import { withOperator } from '../open-operator.ts';
import { enqueueFeeds } from '../operator-queue.ts';
import { print } from '../print.ts';

export async function runDeletes(unit: string | undefined, config: Config): Promise<void> {
  await withOperator(config, async (operator) => {
    const braked = await operator.store.operate.braked(unit);
    print(
      braked.length === 0
        ? '  没有被拦下的删除 The delete brake holds nothing back.'
        : braked.map(toText).join('\n\n'),
    );
  });
}

/** `which`: a feed, or a type whose feeds are held back; `list`: of a feed with a list a county, this county's alone. */
export async function runDeletesAccept(
  unit: string,
  which: string,
  list: string | undefined,
  config: Config,
): Promise<void> {
  await withOperator(config, async (operator) => {
    const { operate } = operator.store;
    const chosen = (await operate.braked(unit)).filter(
      ({ feed, scope, types }) =>
        (toName(feed) === which || types.some(({ type }) => type === which)) &&
        (list === undefined || scope === list),
    );
    if (chosen.length === 0)
      throw new HubError(
        'HUB_CONFIG_INVALID',
        `没有被拦下的删除 The delete brake holds nothing of ${[unit, which, list ?? ''].join(' ').trim()} back; \`hub deletes\` shows what it does.`,
      );
    for (const held of chosen) await operate.acceptDeletes(held);
    await enqueueFeeds(config, operator, unit, [...new Set(chosen.map(({ feed }) => toName(feed)))]);
    print(
      chosen
        .map(
          ({ feed, scope }) =>
            `  下一次同步可以删除 the next run may delete these: ${toListName(feed, scope)}`,
        )
        .join('\n'),
    );
  });
}

function toText({ feed, scope, at, types, accepted }: Braked): string {
  const lines = types.map(
    ({ type, live, missing, keys }) =>
      `    ${type}: ${live} 行中缺 ${missing} 行 of ${live} rows ${missing} are missing: ${keys.join(', ')}${missing > keys.length ? ' …' : ''}`,
  );
  const state = accepted ? '  已接受 accepted, the next run deletes them' : '';
  return [`  ${feed.unit} ${toListName(feed, scope)}  ${at}${state}`, ...lines].join('\n');
}

function toListName(feed: Braked['feed'], scope: string | null): string {
  return scope === null ? toName(feed) : `${toName(feed)} ${scope}`;
}

function toName({ source, object, strategy }: Braked['feed']): string {
  return toFeedName(source, object, strategy);
}
