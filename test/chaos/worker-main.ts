// A worker's process: the product's store, queue and worker put together as `hub worker` does, with the test's points
// around what they are given. Ends in order at SIGTERM, and with its parent.
import { once } from 'node:events';
import { sqlKind } from '../../connectors/kinds/sql/sql-kind.ts';
import type { ConnectorKind } from '../../connectors/kit/contract.ts';
import { openQueue } from '../../jobs/queue/open-queue.ts';
import { openWorker } from '../../jobs/worker/open-worker.ts';
import { openDivisions } from '../../schema/divisions/open-divisions.ts';
import { openStore } from '../../store/open-store.ts';
import { lineKind, openLineSource } from '../support/line-kind.ts';
import type { FromWorker, ToWorker, WorkerTask } from './messages.ts';
import { withoutDurableAck, withoutFencing, withoutTieBreak } from './mutants.ts';
import { toUnit } from './open-unit.ts';
import { type AtPoint, toHastyStore, toHitSource, toHitStore } from './points.ts';

const task = JSON.parse(process.env.CHAOS_TASK ?? '') as WorkerTask;
const print = (level: string) => (fields: object, text?: string) =>
  void process.stdout.write(`${JSON.stringify({ at: Date.now(), level, text, ...fields })}\n`);
const log = { info: print('info'), warn: print('warn'), error: print('error') };
const clock = () => Date.now() + task.clockOffsetMs;

const tell = (message: FromWorker) => void process.send?.(message);
const at = openBlow(task, tell);
const unit = toUnit(task.manifest);
const store = await openStore({ url: task.storeUrl, clock, log, stalledMs: 1500 });
await store.migrate([unit]);
const queue = await openQueue(task.queue, {
  log,
  retries: { attempts: 4, backoffMs: 100 },
  locks: { lockDuration: 1500, stalledInterval: 700, maxStalledCount: 50 },
  deadlineMs: 3000,
});
const fenceless = task.mutant === 'fencing' ? withoutFencing(store.sync, task.storeUrl) : null;
const worker = await openWorker({
  units: [unit],
  divisions: await openDivisions(),
  kinds: { sql: toHitKind(sqlKind), socket: toLineKind() },
  secrets: (name) => (name === 'CHAOS_URL' ? task.sourceUrl : 'none'),
  store: { sync: toHitStore(toHastyStore(fenceless ?? store.sync, task.holdMs), at) },
  queue,
  clock,
  log,
  holder: `chaos-${process.pid}`,
  retryMs: 300,
  keepMs: 700,
  lateEveryMs: task.lateEveryMs,
});
process.once('SIGTERM', () => void stop());
process.once('disconnect', () => process.exit(1));
tell({ type: 'ready' });

async function stop(): Promise<void> {
  await worker.close({ graceMs: 10_000 });
  await queue.close({ graceMs: 5000 });
  await store.close();
  await fenceless?.close();
  process.exit(0);
}

function toHitKind(kind: ConnectorKind): ConnectorKind {
  return {
    ...kind,
    open: async (settings) => {
      const source = await kind.open(settings);
      return toHitSource(task.mutant === 'tieBreak' ? withoutTieBreak(source) : source, settings.name, at);
    },
  };
}

// A station that is not answered sends again, to whoever listens then.
function toLineKind(): ConnectorKind {
  return {
    ...lineKind,
    open: async () => {
      const source = openLineSource(task.linePort);
      return task.mutant === 'ack' ? withoutDurableAck(source) : source;
    },
  };
}

// SIGSTOP and SIGKILL that a process sends to itself arrive before the call returns: exactly here, not about here.
function openBlow({ blow }: WorkerTask, say: (message: FromWorker) => void): AtPoint {
  let [count, hasFallen] = [0, false];
  return async (point, place) => {
    if (blow === null || hasFallen || point !== blow.point) return;
    if (blow.object !== null && blow.object !== place.object) return;
    count += 1;
    if (count < blow.count) return;
    const answer = once(process, 'message') as Promise<[ToWorker]>;
    say({ type: 'blow', place });
    const [{ type }] = await answer;
    // Another one lies there just now: the next time, then.
    if (type === 'spared') return;
    hasFallen = true;
    const fall = () => {
      process.kill(process.pid, blow.act === 'kill' ? 'SIGKILL' : 'SIGSTOP');
      say({ type: 'woken' });
    };
    if (point === 'during') setTimeout(fall, blow.afterMs);
    else fall();
  };
}
