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

/** `which`: a feed, or a type whose feeds are held back. */
export async function runDeletesAccept(unit: string, which: string, config: Config): Promise<void> {
  await withOperator(config, async (operator) => {
    const { operate } = operator.store;
    const chosen = (await operate.braked(unit)).filter(
      ({ feed, types }) => toName(feed) === which || types.some(({ type }) => type === which),
    );
    if (chosen.length === 0)
      throw new HubError(
        'HUB_CONFIG_INVALID',
        `没有被拦下的删除 The delete brake holds nothing of ${unit} ${which} back; \`hub deletes\` shows what it does.`,
      );
    for (const { feed } of chosen) await operate.acceptDeletes(feed);
    await enqueueFeeds(
      config,
      operator,
      unit,
      chosen.map(({ feed }) => toName(feed)),
    );
    print(
      chosen
        .map(({ feed }) => `  下一次同步可以删除 the next run may delete these: ${toName(feed)}`)
        .join('\n'),
    );
  });
}

function toText({ feed, at, types, accepted }: Braked): string {
  const lines = types.map(
    ({ type, live, missing, keys }) =>
      `    ${type}: ${live} 行中缺 ${missing} 行 of ${live} rows ${missing} are missing: ${keys.join(', ')}${missing > keys.length ? ' …' : ''}`,
  );
  const state = accepted ? '  已接受 accepted, the next run deletes them' : '';
  return [`  ${feed.unit} ${toName(feed)}  ${at}${state}`, ...lines].join('\n');
}

function toName({ source, object, strategy }: Braked['feed']): string {
  return toFeedName(source, object, strategy);
}
