// bench/RESULTS.md: losses first, then each workload, then where our time goes. Every figure beside another is a ratio of two
// that were measured in the same round. Pure.
import { WORKLOADS } from '../workloads/all.ts';
import type { ContenderName } from './contenders.ts';
import type { Machine } from './machine.ts';
import type { Measured, Plan, Shot } from './measure.ts';
import type { Profile } from './profile.ts';

export type WorkloadResult = {
  readonly workload: string;
  readonly machine: Machine;
  readonly plan: Plan;
  /** Null: nothing was asked of the database. */
  readonly rows: string | null;
  /** Of the database; null with `rows`. */
  readonly megabytes: number | null;
  readonly measured: readonly Measured[];
  /** Of whoever ran it: that the machine was busy, say. */
  readonly note: string;
};

const LABELS: { readonly [Name in ContenderName]: string } = {
  raw: 'raw (by hand, the limit)',
  whole: '**ours, whole graph**',
  stitched: '**ours, stitched**',
  'hand-written': 'Yoga + DataLoader + knex',
  hive: 'Hive Gateway',
  apollo: 'Apollo Gateway',
  postgraphile: 'PostGraphile',
};

/** `notes`: what a person has to say about the figures; Markdown. */
export function toReport(
  results: readonly WorkloadResult[],
  profiles: readonly Profile[],
  notes: string,
): string {
  const ordered = WORKLOADS.flatMap(({ name }) => results.find(({ workload }) => workload === name) ?? []);
  return [
    '# The hub beside what one would take instead',
    'Written by `npm run bench` (bench/README.md says how it measures and how each contender is set up). Medians of the rounds, least and most in brackets.',
    toLosses(ordered),
    ...ordered.map((result) => toSection(result, profiles)),
    notes.trim(),
  ]
    .join('\n\n')
    .concat('\n');
}

/** Our answers for each of theirs, round by round. */
function toRatios(ours: Measured, theirs: Measured): readonly number[] {
  return ours.rounds.map((shot, round) => shot.perSecond / (theirs.rounds[round]?.perSecond ?? Number.NaN));
}

const LEAST_ROUNDS = 3;
const LEAST_MEGABYTES = 200;

/** Why these figures are none, or not good ones. */
function toWarnings({ plan, rows, megabytes, note }: WorkloadResult): readonly string[] {
  const warnings: string[] = [];
  if (plan.rounds < LEAST_ROUNDS) warnings.push(`Only ${plan.rounds} round(s): a trial, no measurement.`);
  if (rows !== null && (megabytes ?? 0) < LEAST_MEGABYTES)
    warnings.push(`Less than ${LEAST_MEGABYTES} MB of rows: a trial, no measurement.`);
  return note === '' ? warnings : [...warnings, note];
}

/** The door that answers when nobody chooses. */
function toDefault({ measured }: WorkloadResult): Measured | undefined {
  return measured.find(({ name }) => name === 'whole') ?? measured.find(({ name }) => name === 'stitched');
}

/** What stands beside our doors, the statement by hand apart: it is the limit, and nobody takes it for a product. */
function toPeers({ measured }: WorkloadResult): readonly Measured[] {
  return measured.filter(({ name }) => name !== 'whole' && name !== 'stitched' && name !== 'raw');
}

function toLosses(results: readonly WorkloadResult[]): string {
  const own = toLossTable(results, toDefault);
  const stitched = toLossTable(results, (result) => {
    const one = result.measured.find(({ name }) => name === 'stitched');
    return one === toDefault(result) ? undefined : one;
  });
  return [
    '## Where we lose',
    ...toDoubts(results),
    'Our answers for each of theirs in the same round; below 1 they are faster. The door that the gateway takes by itself:',
    own,
    'Stitching alone, which answers what the first door cannot:',
    stitched,
    toLimit(results),
  ].join('\n\n');
}

/** Which of what follows is to be read with care. */
function toDoubts(results: readonly WorkloadResult[]): readonly string[] {
  const doubted = results.filter((result) => toWarnings(result).length > 0).map(({ workload }) => workload);
  return doubted.length === 0
    ? []
    : [`**Not to be relied on, for reasons given below: ${doubted.join(', ')}.**`];
}

/** The worst first. */
function toLossTable(
  results: readonly WorkloadResult[],
  toOurs: (result: WorkloadResult) => Measured | undefined,
): string {
  const losses = results.flatMap((result) => {
    const ours = toOurs(result);
    if (ours === undefined) return [];
    return toPeers(result).map((theirs) => {
      const ratios = toRatios(ours, theirs);
      const identical = ours.identical.perSecond / theirs.identical.perSecond;
      return { workload: result.workload, theirs: theirs.name, ratios, identical };
    });
  });
  const lost = losses
    .filter(({ ratios, identical }) => Math.min(toMedian(ratios), identical) < 1)
    .toSorted((left, right) => toMedian(left.ratios) - toMedian(right.ratios));
  if (lost.length === 0) return 'Nowhere.';
  const rows = lost.map(({ workload, theirs, ratios, identical }) => [
    workload,
    LABELS[theirs],
    toSpread(ratios, 2),
    identical.toFixed(2),
  ]);
  return toTable([['workload', 'beside', 'each request its own', 'identical requests'], ...rows]);
}

/** How much of what is possible. */
function toLimit(results: readonly WorkloadResult[]): string {
  const shares = results.flatMap((result) => {
    const [ours, raw] = [toDefault(result), result.measured.find(({ name }) => name === 'raw')];
    if (ours === undefined || raw === undefined) return [];
    return [`${result.workload} ${toSpread(toRatios(ours, raw), 2)}`];
  });
  return `Of the answers of what is written by hand for the one question, the limit, we give: ${shares.join(', ')}.`;
}

function toSection(result: WorkloadResult, profiles: readonly Profile[]): string {
  const { workload, machine, plan, rows, measured } = result;
  const title = WORKLOADS.find(({ name }) => name === workload)?.title ?? '';
  const facts = [
    `${machine.at} UTC, commit ${machine.commit}. ${machine.text}. ${machine.versions}.`,
    `${plan.rounds} rounds of ${plan.seconds} s after ${plan.warmUp} s of warm-up, ${plan.connections} in flight, contenders in turn.${rows === null ? '' : ` ${rows}.`}`,
    ...toWarnings(result).map((warning) => `**${warning}**`),
  ];
  const ours =
    measured.find(({ name }) => name === 'whole') ?? measured.find(({ name }) => name === 'stitched');
  const isRemote = measured.some(({ requests }) => requests !== null);
  const head = [
    'contender',
    'answers/s',
    ours === undefined ? '' : `${LABELS[ours.name]} / it`,
    'p50 ms',
    'p95 ms',
    'identical, answers/s',
    'peak MB',
    ...(isRemote ? ['requests a question'] : []),
  ];
  const table = measured.map((one) => toRow(one, ours, isRemote));
  const own = profiles.filter((profile) => profile.workload === workload);
  return [
    `## ${workload}: ${title}`,
    facts.join('\n'),
    toTable([head, ...table]),
    ...(own.length === 0 ? [] : [toProfiles(own)]),
  ].join('\n\n');
}

function toRow(one: Measured, ours: Measured | undefined, isRemote: boolean): readonly string[] {
  const spread = (pick: (shot: Shot) => number) => toSpread(one.rounds.map(pick), 1);
  return [
    LABELS[one.name],
    spread(({ perSecond }) => perSecond),
    ours === undefined || ours === one ? '' : toSpread(toRatios(ours, one), 2),
    spread(({ p50 }) => p50),
    spread(({ p95 }) => p95),
    one.identical.perSecond.toFixed(1),
    String(one.peakMegabytes ?? 'unknown'),
    ...(isRemote ? [String(one.requests ?? '')] : []),
  ];
}

/** What one answer costs where, with one request in flight. */
function toProfiles(profiles: readonly Profile[]): string {
  const buckets = profiles[0]?.parts.map(({ bucket }) => bucket) ?? [];
  const head = ['ms of one answer, alone', ...profiles.map(({ name }) => LABELS[name])];
  const lines = buckets.map((bucket, index) => [
    bucket,
    ...profiles.map(({ parts }) => (parts[index]?.milliseconds ?? Number.NaN).toFixed(2)),
  ]);
  return toTable([
    head,
    ...lines,
    ['together', ...profiles.map(({ milliseconds }) => milliseconds.toFixed(2))],
  ]);
}

function toTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const toLine = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [toLine(head), toLine(head.map(() => '---')), ...rows.map(toLine)].join('\n');
}

function toMedian(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function toSpread(values: readonly number[], digits: number): string {
  const median = toMedian(values).toFixed(digits);
  if (values.length < 2) return median;
  return `${median} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;
}
