// Jobs that ended for good: one letter a feed and task, in a queue of its own beside the unit's that nobody works, until
// somebody retries it or a later run of the feed succeeds. Failed jobs themselves are no place for it: BullMQ's PostgreSQL
// lets nobody remove one that a schedule has made, and both back ends drop the oldest when there are many.
import { ERRORS, isErrorCode, isHubError } from '../../schema/errors.ts';
import { addAskedRun, toAskedId } from './asked-runs.ts';
import type { JobData, QueuedJob, UnitQueue } from './backend.ts';
import type { DeadLetter, Task } from './contract.ts';
import type { RetryOptions } from './options.ts';

export type Ended = {
  readonly name: string;
  readonly data: JobData;
  /** As toDeadText made it, or in BullMQ's own words (stalled too often). */
  readonly text: string;
  readonly attempts: number;
};

/** Writes the letter, over an older one of the same feed and task: the newest says what is wrong now. */
export async function writeDead(letters: UnitQueue, { name, data, text, attempts }: Ended): Promise<void> {
  const dead = { text, attempts, at: new Date().toISOString() };
  const known = await letters.getJob(toAskedId(name));
  if (known === undefined) await letters.add(name, { ...data, dead }, { jobId: toAskedId(name) });
  else await known.updateData({ ...data, dead });
}

/** Takes the letter of this name away. Two that do so at once are harmless. */
export async function forgetDead(letters: UnitQueue, name: string): Promise<void> {
  await (await letters.getJob(toAskedId(name)))?.remove().catch(() => undefined);
}

export function readLetters(letters: UnitQueue): Promise<readonly QueuedJob[]> {
  return letters.getJobs(['waiting']);
}

/** Asks for a run in place of each letter, of one feed or of all. */
export async function retryDead(
  { queue, letters }: { readonly queue: UnitQueue; readonly letters: UnitQueue },
  feed: string | null,
  retries: RetryOptions,
): Promise<readonly { readonly feed: string; readonly task: Task }[]> {
  const wanted = (await readLetters(letters)).filter(({ data }) => feed === null || data.feed === feed);
  for (const { name, data } of wanted) {
    const { unit, feed: its, task = 'sync' } = data;
    await addAskedRun(queue, { unit, feed: its, task, reason: 'manual' }, retries);
    await forgetDead(letters, name);
  }
  return wanted.map(({ data }) => ({ feed: data.feed, task: data.task ?? 'sync' }));
}

/** What is kept of an error: its code and its message. The words of other errors may hold a record's value. */
export function toDeadText(error: unknown): string {
  if (isHubError(error)) return `${error.code}  ${error.message}`;
  return `HUB_INTERNAL  ${ERRORS.HUB_INTERNAL.meaning}`;
}

const TEXT = /^(HUB_[A-Z_]+) {2}(.*)$/s;

export function isDeadText(text: string): boolean {
  return TEXT.test(text);
}

export function toDeadLetter({ data }: QueuedJob): DeadLetter | null {
  const { dead } = data;
  if (dead === undefined) return null;
  const [, code = '', message = dead.text] = TEXT.exec(dead.text) ?? [];
  return {
    at: dead.at,
    code: isErrorCode(code) ? code : 'HUB_INTERNAL',
    message,
    attempts: dead.attempts,
    reason: data.reason,
  };
}
