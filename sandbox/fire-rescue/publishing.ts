// What the devices publish, in order of time, from the first subscription on; and which of it was acknowledged.
import type { Instant, SandboxClock } from '../clock/sandbox-clock.ts';
import type { Report } from './alarm.ts';
import type { Published } from './ledger.ts';
import { type Message, toMessages, toOnline } from './message.ts';
import type { Site } from './site.ts';

export type Publishing = {
  /** Somebody has subscribed: before that, the devices keep what they have. */
  begin(): void;
  /** Publishes what is due up to the clock's now, or moves a clock to `to` first. */
  tick(to?: Instant): Promise<void>;
  acknowledged(topic: string, payload: string): void;
  published(): readonly Published[];
  /** Waits for the tick under way. */
  close(): Promise<void>;
};

export type PublishingOptions = {
  readonly sites: readonly Site[];
  readonly clock: SandboxClock;
  readonly since: Instant;
  /** Between two signs of life of a device. */
  readonly aliveMs: number;
  readonly reports: (from: Instant, to: Instant) => readonly Report[];
  readonly publish: (message: Message) => Promise<void>;
  readonly log: (line: string) => void;
};

type Sent = { readonly report: Report; readonly open: Set<string> };

export function openPublishing(options: PublishingOptions): Publishing {
  const { sites, clock, since, aliveMs, reports, publish, log } = options;
  const sent: Sent[] = [];
  const owners = new Map<string, Sent>();
  const toKey = (topic: string, payload: string) => `${topic} ${payload}`;
  let [publishedTo, aliveTo, isBegun] = [since - 1, Number.NEGATIVE_INFINITY, false];
  let last: Promise<void> = Promise.resolve();

  const publishReport = async (report: Report) => {
    const messages = toMessages(report);
    const entry = { report, open: new Set(messages.map(({ topic, payload }) => toKey(topic, payload))) };
    sent.push(entry);
    for (const key of entry.open) owners.set(key, entry);
    for (const message of report.isTwice ? [...messages, ...messages] : messages) await publish(message);
  };
  // One a device in each of its intervals, however much time has passed.
  const publishAlive = async (now: Instant) => {
    for (const site of sites) {
      const due = now - ((now + site.number * 4621) % aliveMs);
      if (due > aliveTo) await publish(toOnline(site, due));
    }
    aliveTo = now;
  };
  const runTick = async (to?: Instant) => {
    if (to !== undefined) clock.moveTo(to);
    const now = clock.now();
    await publishAlive(now);
    if (!isBegun) return;
    for (const report of reports(publishedTo, now)) await publishReport(report);
    publishedTo = now;
  };
  const tick = (to?: Instant) => {
    const done = last.then(() => runTick(to));
    last = done.catch((error: unknown) =>
      log(`fire-rescue tick failed: ${error instanceof Error ? error.name : 'unknown fault'}`),
    );
    return done;
  };
  return {
    begin() {
      if (isBegun) return;
      isBegun = true;
      // A clock that stands still is a test's, which says when.
      if (!clock.frozen) tick().catch(() => undefined);
    },
    tick,
    acknowledged(topic, payload) {
      const key = toKey(topic, payload);
      owners.get(key)?.open.delete(key);
    },
    published: () => sent.map(({ report, open }) => ({ report, isTaken: open.size === 0 })),
    close: async () => {
      isBegun = false;
      await last;
    },
  };
}
