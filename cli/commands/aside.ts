// `hub aside`: records that could not land. A person sees why, looks at an original, and sends them once more after the
// mapping was mended. Originals may be citizens' data: they are shown here, on the machine of the hub, and nowhere else.
import { isUtf8 } from 'node:buffer';
import type { RawValue } from '../../connectors/kit/contract.ts';
import { toFeedName } from '../../jobs/plan/plan-feeds.ts';
import { HubError } from '../../schema/errors.ts';
import type { AsideEntry, AsideFilter, AsideGroup, Purged } from '../../store/operate/contract.ts';
import type { Config } from '../config.ts';
import { type Operator, withOperator } from '../open-operator.ts';
import { enqueueFeeds } from '../operator-queue.ts';
import { print } from '../print.ts';
import { toTable } from '../table.ts';

const MOST_SHOWN = 20;

export type AsideOptions = { readonly code?: string; readonly json?: boolean };

/** Groups by reason, then the newest entries. */
export async function runAsideList(
  unit: string | undefined,
  type: string | undefined,
  options: AsideOptions,
  config: Config,
): Promise<void> {
  await withOperator(config, async ({ store: { operate } }) => {
    const filter = toFilter({ unit, type, code: options.code });
    const [groups, entries, purged] = await Promise.all([
      operate.asideGroups(filter),
      operate.asideEntries(filter, MOST_SHOWN),
      operate.asidePurged(unit),
    ]);
    print(
      options.json === true
        ? JSON.stringify({ groups, entries, purged })
        : toListText(groups, entries, purged),
    );
  });
}

/** The original of one entry. */
export async function runAsideShow(id: string, config: Config): Promise<void> {
  await withOperator(config, async ({ store }) => {
    const entry = await store.operate.asideOriginal(id);
    if (entry === null)
      throw new HubError(
        'HUB_CONFIG_INVALID',
        `没有这条记录 There is no set-aside record ${id}; \`hub aside list\` shows which there are.`,
      );
    const { record, ...facts } = entry;
    print(`${toFactsText(facts)}\n\n${toOriginalText(record)}`);
  });
}

/** Marks entries to be tried once more and asks for their feeds' runs. */
export async function runAsideReplay(
  unit: string,
  type: string | undefined,
  options: { readonly id?: readonly string[]; readonly code?: string },
  config: Config,
): Promise<void> {
  await withOperator(config, async (operator) => {
    const filter = {
      ...toFilter({ type, code: options.code }),
      ...(options.id === undefined ? {} : { ids: options.id }),
      unit,
    };
    const { records, feeds, left } = await operator.store.operate.replayAside(filter);
    const asked = toFeedNames(operator, unit, feeds);
    await enqueueFeeds(config, operator, unit, asked);
    print(
      `  ${records} 条记录将重新映射 record(s) will be mapped again by the next run of: ${asked.join(', ') || '—'}`,
    );
    if (left > 0)
      print(
        `  ${left} 条只能由来源重新提供 record(s) only their source can mend (lines that could not be taken apart, doubled joins)`,
      );
  });
}

// A manifest may read the object in another way than when the records were kept.
function toFeedNames(
  operator: Operator,
  name: string,
  kept: readonly { source: string; object: string }[],
): readonly string[] {
  const unit = operator.units.find((one) => one.unit === name);
  const forms = unit?.types.flatMap((type) => type.forms) ?? [];
  const names = forms
    .filter((form) => kept.some(({ source, object }) => source === form.source && object === form.object))
    .map((form) => toFeedName(form.source, form.object, form.sync.strategy));
  return [...new Set(names)];
}

export function toListText(
  groups: readonly AsideGroup[],
  entries: readonly AsideEntry[],
  purged: readonly Purged[],
): string {
  const gone = purged.map(
    ({ feed, records, at }) =>
      `  ${records} 条已过期清除 record(s) of ${toPlace(feed)} were purged, last ${at}`,
  );
  if (groups.length === 0) return ['  没有搁置的记录 Nothing is set aside.', ...gone].join('\n');
  const byReason = toTable([
    [
      '单位 unit',
      '类型 type',
      '原因 code',
      '字段 field',
      '状态 state',
      '数量 records',
      '最近 newest',
      '一月内清除 going',
      '清单 manifest',
    ],
    ...groups.map((group) => [
      group.unit,
      group.type ?? '—',
      group.code,
      group.field ?? '—',
      group.state,
      String(group.records),
      group.newest,
      group.goingSoon === 0 ? '—' : String(group.goingSoon),
      group.manifest.slice(0, 12),
    ]),
  ]);
  const one = toTable([
    ['编号 id', '来源 from', '原因 code', '次数 times', '最近 last seen', '清除 goes', '说明 reason'],
    ...entries.map((entry) => [
      entry.id,
      toPlace(entry.feed),
      entry.code,
      String(entry.times),
      entry.lastSeen,
      entry.goesAt.slice(0, 10),
      entry.message,
    ]),
  ]);
  return [byReason, '', one, ...gone].join('\n');
}

function toFactsText(entry: AsideEntry): string {
  const { feed, ...facts } = entry;
  return Object.entries({ from: toPlace(feed), ...facts })
    .map(([name, value]) => `  ${name.padEnd(10)} ${value ?? '—'}`)
    .join('\n');
}

/** JSON, with bytes in hex and, where they are text, as text beside it. */
export function toOriginalText(record: { readonly [column: string]: RawValue }): string {
  return JSON.stringify(
    record,
    (_name, value: unknown) => (value instanceof Uint8Array ? toBytes(value) : value),
    2,
  );
}

function toBytes(bytes: Uint8Array): { readonly hex: string; readonly text?: string } {
  const hex = Buffer.from(bytes).toString('hex');
  if (isUtf8(bytes)) return { hex, text: Buffer.from(bytes).toString('utf8') };
  try {
    return { hex, text: new TextDecoder('gb18030', { fatal: true }).decode(bytes) };
  } catch {
    return { hex };
  }
}

function toPlace({
  unit,
  source,
  object,
}: {
  readonly unit: string;
  readonly source: string;
  readonly object: string;
}): string {
  return `${unit}/${source}/${object}`;
}

function toFilter(wanted: { readonly [name in 'unit' | 'type' | 'code']?: string | undefined }): AsideFilter {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}
