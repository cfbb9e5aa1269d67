// From messages to batches and back: what came while the hub wrote goes to it together, one batch an object, and is
// acknowledged in order when it is durable.
import type { Batch, SourceRecord, Unreadable } from '../../kit/contract.ts';
import type { Line, Received } from './connection.ts';
import type { Devices } from './devices.ts';
import { type Reading, toReading } from './reading.ts';
import type { MqttPlan } from './settings.ts';

export type Intake = {
  take(message: Received, line: Line): void;
  /** Nothing new is begun; resolves when what is with the hub is answered. What was not begun comes again. */
  stop(): Promise<void>;
};

export type IntakeOptions = {
  readonly plan: MqttPlan;
  readonly now: () => number;
  /** Resolves when the batch is durable. */
  readonly hand: (batch: Batch) => Promise<void>;
  readonly devices: Devices;
  /** A batch is not durable: nothing behind its messages is acknowledged, and no more is taken. */
  readonly onFault: (error: unknown) => void;
};

type Waiting = { readonly message: Received; readonly line: Line };

export function openIntake({ plan, now, hand, devices, onFault }: IntakeOptions): Intake {
  const waiting: Waiting[] = [];
  let isStopped = false;
  let round: Promise<void> | null = null;
  let holder: Line | null = null;

  const runRound = async (group: readonly Waiting[]): Promise<void> => {
    const receivedAt = new Date(now()).toISOString();
    const read = group.map(({ message }) => ({ message, reading: toReading(plan, message, now()) }));
    devices.hear(read);
    const failed = new Map<string, unknown>();
    const batches = toBatches(
      read.map(({ reading }) => reading),
      receivedAt,
    );
    await Promise.all(
      batches.map((batch) => hand(batch).catch((error: unknown) => failed.set(batch.object, error))),
    );
    for (const [index, { message, line }] of group.entries()) {
      const lost = read[index]?.reading.parts.find(({ object }) => failed.has(object));
      if (lost !== undefined) {
        isStopped = true;
        onFault(failed.get(lost.object));
        return;
      }
      if (plan.isDurable) line.acknowledge(message);
    }
  };
  const runRounds = async () => {
    while (waiting.length > 0 && !isStopped) {
      await runRound(waiting.splice(0, plan.inFlight));
      holder?.hold(waiting.length >= plan.inFlight);
    }
    round = null;
  };
  return {
    take(message, line) {
      if (isStopped) return;
      waiting.push({ message, line });
      holder = line;
      if (!plan.isDurable) line.acknowledge(message);
      line.hold(waiting.length >= plan.inFlight);
      // One turn later: what stands in the same packet of the network goes together.
      round ??= Promise.resolve().then(runRounds).catch(onFault);
    },
    stop: async () => {
      isStopped = true;
      await round;
    },
  };
}

/** One batch an object, in the order of their first messages. */
function toBatches(readings: readonly Reading[], receivedAt: string): readonly Batch[] {
  const batches = new Map<string, { records: SourceRecord[]; unreadable: Unreadable[] }>();
  for (const { object, records, unreadable } of readings.flatMap(({ parts }) => parts)) {
    const batch = batches.get(object) ?? { records: [], unreadable: [] };
    batches.set(object, batch);
    batch.records.push(...records);
    batch.unreadable.push(...unreadable);
  }
  return [...batches].map(([object, { records, unreadable }]) => ({
    ...{ object, records, receivedAt },
    ...(unreadable.length === 0 ? {} : { unreadable }),
  }));
}
