// What bench/stress.ts prints: a line a phase. Pure.
import type { CrowdReport } from './crowd.ts';
import type { SourceReport } from './source.ts';

/** `answers`: milliseconds from a report's sending until its answer; `own`: what the source's process said meanwhile. */
export type Phase = {
  readonly words: string;
  readonly sent: number;
  readonly answers: readonly number[];
  readonly own: readonly SourceReport[];
  readonly crowd: CrowdReport | null;
};

const WIDTHS = [44, 7, 7, 7, 11, 8, 7, 9] as const;
export const HEAD = toColumns([
  'crowd',
  'p50 ms',
  'p95 ms',
  'max ms',
  'answered',
  'RSS MB',
  'open',
  'batches/s',
]);

export function toLine({ words, sent, answers, own, crowd }: Phase): string {
  const sorted = answers.toSorted((left, right) => left - right);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(1);
  const most = (of: (report: SourceReport) => number) => Math.max(0, ...own.map(of));
  const [first, last] = [own[0], own.at(-1)];
  const batches =
    first === undefined || last === undefined || last === first
      ? 0
      : ((last.batches - first.batches) * 1000) / (last.atMs - first.atMs);
  const line = toColumns([
    words,
    ...[at(0.5), at(0.95), at(1), `${answers.length}/${sent}`],
    ...[most(({ rssMb }) => rssMb).toFixed(0), `${most(({ connections }) => connections)}`],
    batches.toFixed(0),
  ]);
  if (crowd === null) return line;
  const { mostOpen, ended, megabytes, faults } = crowd;
  const away = own.flatMap((report) => report.turnedAway);
  return `${line}\n  crowd: ${mostOpen} open at once, ${ended} ended by the source, ${megabytes.toFixed(1)} MB${faults.length === 0 ? '' : `, faults ${faults.join(', ')}`}${away.length === 0 ? '' : `; sent away: ${away.join('; ')}`}`;
}

function toColumns(words: readonly string[]): string {
  return words
    .map((word, at) => (at === 0 ? word.padEnd(WIDTHS[0]) : word.padStart(WIDTHS[at] ?? 8)))
    .join(' ');
}
