// Which list the bureau drops when: both when the history begins, and both anew on the morning after its end. A pure function of
// the seed and of when the history begins and ends.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toDigits } from '../clock/time-text.ts';
import type { World } from '../drop/state.ts';
import { HOUR } from '../storm/storm.ts';
import { type Issue, toCrossings, toFerries } from './crossing.ts';
import { toCrossingText, toFerryText, toGb18030 } from './lists.ts';

export type What = 'crossings' | 'ferries';
export type PlannedFile = {
  readonly name: string;
  readonly due: Instant;
  readonly what: What;
  readonly issue: Issue;
  toBytes(): Buffer;
};

const DAY = 24 * HOUR;

/** The files due in (from, to], in the order in which they fall due. */
export function planFiles(world: World, from: Instant, to: Instant): PlannedFile[] {
  // 08:30 in Beijing, when the hub has the first issue.
  const morning = (Math.floor((world.start + 8 * HOUR) / DAY) + 1) * DAY + HOUR / 2;
  const issues = [
    { issue: 0, due: world.from },
    { issue: 1, due: morning },
  ] as const;
  return issues
    .filter(({ due }) => due > from && due <= to)
    .flatMap(({ issue, due }) =>
      (['crossings', 'ferries'] as const).map((what) => ({
        ...{ what, issue, due },
        name: toFileName(what, toDigits(due).slice(0, 8)),
        toBytes: () => toListBytes(world.seed, what, issue),
      })),
    );
}

export function toFileName(what: What, word: string): string {
  return `${what === 'crossings' ? '渡口' : '渡船'}台账_${word}.csv`;
}

export function toListBytes(seed: number, what: What, issue: Issue): Buffer {
  const text =
    what === 'crossings' ? toCrossingText(toCrossings(seed, issue)) : toFerryText(toFerries(seed, issue));
  return toGb18030(text);
}
