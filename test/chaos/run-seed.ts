// One chaos from its seed to its verdict: the department is written to while the hub is hit; then the writers end, nobody is
// hit any more, and when every feed has been read over again both sides are compared. Nothing is repaired before.
import { eventually } from '../support/eventually.ts';
import { compareAll, type Difference } from './compare.ts';
import type { WorkerTask } from './messages.ts';
import { type Mutant, withoutOverlap } from './mutants.ts';
import { readManifestText, toUnit } from './open-unit.ts';
import { openWorkers, type Place, type Workers } from './open-workers.ts';
import { type ChaosPlan, planChaos, type ServerBlow, type Size } from './plan.ts';
import { reconcileAll } from './reconcile-all.ts';
import { STATIONS } from './tables.ts';
import { openTelegraph, type Telegraph } from './telegraph.ts';
import { type Backend, openWorld, type World } from './world.ts';
import { openWriter, type Writer } from './writer.ts';

export type Facts = {
  readonly rows: number;
  readonly refused: number;
  readonly long: number;
  readonly kills: number;
  readonly stops: number;
  readonly cuts: number;
  readonly redisRestarts: number;
  readonly runs: number;
  /** Runs that another worker took over: killed, or woken too late. */
  readonly lost: number;
  readonly seconds: number;
};
export type Verdict = {
  readonly seed: number;
  readonly backend: Backend;
  readonly facts: Facts;
  readonly differences: readonly Difference[];
  /** The workers' last words, for a verdict that needs to be understood. */
  readonly said: string;
};
export type SeedOptions = {
  readonly seed: number;
  readonly backend: Backend;
  readonly size: Size;
  readonly mutant?: Mutant;
};

const HOLD_MS = 1200;
const LATE_EVERY_MS = 1200;
const STEP_MS = 25;

export async function runSeed({ seed, backend, size, mutant }: SeedOptions): Promise<Verdict> {
  const began = performance.now();
  const plan = planChaos(seed, size);
  const world = await openWorld(backend);
  const counts = { cuts: 0, redisRestarts: 0 };
  let workers: Workers | null = null;
  const telegraph = openTelegraph(world.linePort, seed, world.legacy);
  try {
    const text = await readManifestText();
    const manifest = mutant === 'overlap' ? withoutOverlap(text) : text;
    workers = openWorkers({
      slots: plan.workers,
      toTask: (slot, life) => toTask(plan, world, slot, life, { manifest, mutant: mutant ?? null }),
      whileStopped: (place) => waitForOthers(world, place, mutant === 'overlap'),
    });
    await workers.ready();
    await waitForFirstLoad(world);
    const written = await runWriters(plan, world, telegraph, {
      onBlow: async (blow) => {
        if (size.inTurn) await workers?.settled();
        await strike(world, blow, counts);
      },
      isEnough: () => (workers?.facts.stops ?? 0) > 0,
    });
    await workers.calm();
    const stuck = await findStuck(async () => {
      await eventually(telegraph.isQuiet, { what: 'an answer to every report', withinMs: 40_000 });
      await waitForRereads(world, mutant === 'overlap');
    });
    const ends = await workers.stop();
    const odd = ends.filter((end) => end !== 0);
    const differences = [
      ...stuck,
      ...(await compareAll(world.legacy, world.hub)),
      ...odd.map((end) => ({ check: 'end', table: 'worker', key: String(end), what: 'must end with 0' })),
    ];
    // What is wrong already needs no second opinion.
    if (differences.length === 0) differences.push(...(await reconcileAll(world, toUnit(manifest))));
    const facts = {
      ...written,
      ...workers.facts,
      ...counts,
      ...(await readRuns(world)),
      seconds: toSeconds(began),
    };
    return { seed, backend, facts, differences, said: workers.said() };
  } catch (error) {
    if (error instanceof Error)
      error.message += `\nseed ${seed} over ${backend}\n${workers?.said().slice(-6000) ?? ''}`;
    throw error;
  } finally {
    telegraph.close();
    await workers?.close();
    await world.close();
  }
}

function toTask(
  plan: ChaosPlan,
  world: World,
  slot: number,
  life: number,
  changed: Pick<WorkerTask, 'manifest' | 'mutant'>,
): WorkerTask {
  const { storeUrl, sourceUrl, queue, linePort } = world;
  return {
    ...changed,
    ...{ storeUrl, sourceUrl, queue, linePort, holdMs: HOLD_MS, lateEveryMs: LATE_EVERY_MS },
    clockOffsetMs: plan.clockOffsetOf(slot),
    blow: plan.blowOf(slot, life),
  };
}

/** In turn, each at its own step: what is done to the servers comes at the count that the seed has chosen. */
async function runWriters(
  plan: ChaosPlan,
  world: World,
  telegraph: Telegraph,
  { onBlow, isEnough }: { onBlow(blow: ServerBlow): Promise<void>; isEnough(): boolean },
) {
  const writers: Writer[] = [];
  for (let id = 1; id <= plan.writers; id += 1)
    writers.push(await openWriter(world.sourceUrl, plan.seed, id));
  let blows: Promise<void> = Promise.resolve();
  let step = 0;
  const work = async (writer: Writer) => {
    // Beyond its steps only for the stop that every chaos has.
    while (step < plan.steps || (!isEnough() && step < plan.steps * 5)) {
      const due = plan.serverBlows.get(step) ?? [];
      step += 1;
      for (const blow of due) blows = blows.then(() => onBlow(blow));
      await writer.step();
      await telegraph.send();
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
    await writer.close();
  };
  await Promise.all([...writers.map(work)]);
  await blows;
  // Every reading's station comes at last.
  await world.legacy(
    'insert into st_stbprp_b (stcd, stnm) select s, s from unnest($1::text[]) s on conflict do nothing',
    [[...STATIONS.late]],
  );
  const sum = (of: (writer: Writer) => number) => writers.reduce((total, writer) => total + of(writer), 0);
  return {
    rows: sum(({ counts }) => counts.rows),
    refused: sum(({ counts }) => counts.refused),
    long: sum(({ counts }) => counts.long),
  };
}

async function strike(
  world: World,
  blow: ServerBlow,
  counts: { cuts: number; redisRestarts: number },
): Promise<void> {
  if (blow === 'change zone') return world.changeZone('America/New_York');
  if (blow === 'restart redis') {
    if (world.queue.kind === 'redis') counts.redisRestarts += 1;
    return world.restartRedis();
  }
  counts.cuts += 1;
  await world.cut(blow === 'cut source' ? 'source' : 'store');
}

/** Somebody stands still: what it may hold is changed, and others have to bring that before it goes on. */
async function waitForOthers(world: World, { object }: Place, isWithoutLate: boolean): Promise<void> {
  // Whoever stands still keeps the port, and nobody can take its place.
  if (object === 'report') return;
  const set = { st_stbprp_b: `stnm = 'meanwhile'`, permit: `z = 'meanwhile', mtime = now()` };
  await world.legacy(
    `update ${object} set ${set[object as keyof typeof set] ?? `z = 'meanwhile'`} where ctid = any(array(
       select ctid from ${object} ${object === 'st_river_r' ? `where stcd <> ''` : ''} for update skip locked))`,
  );
  await waitForRereads(world, isWithoutLate, object);
}

async function waitForFirstLoad({ hub }: World): Promise<void> {
  await eventually(
    async () => {
      const [state] = await hub<{ loaded: number }>(
        `select count(*)::int as loaded from hub.feed where mark->>'watermark' is not null and strategy <> 'push'`,
      );
      return state?.loaded === 5;
    },
    { what: 'the first load', withinMs: 40_000, everyMs: 50 },
  );
}

/** A feed that never comes to its end is a difference like any other. */
async function findStuck(wait: () => Promise<void>): Promise<readonly Difference[]> {
  try {
    await wait();
    return [];
  } catch (error) {
    return [{ check: 'stuck', table: '*', key: '*', what: error instanceof Error ? error.message : '' }];
  }
}

type Reread = { readonly object: string; readonly done: number; readonly lateAt: string | null };

/** The second late re-read that ends from here on has begun from here on; the same goes for whole lists. */
async function waitForRereads(
  { hub }: World,
  isWithoutLate: boolean,
  only: string | null = null,
): Promise<void> {
  const read = () =>
    hub<Reread>(
      `select f.object, f.mark->>'lateAt' as "lateAt",
         (select count(*)::int from hub.run r where r.object = f.object and state = 'SUCCEEDED') as done
       from hub.feed f where strategy <> 'push' and f.object = coalesce($1, f.object) order by 1`,
      [only],
    );
  const first = await read();
  const seen = new Map<string, Set<string | null>>();
  await eventually(
    async () => {
      const now = await read();
      return (
        now.length >= (only === null ? 5 : 1) &&
        now.every(({ object, done, lateAt }) => {
          const lates = seen.get(object) ?? new Set();
          seen.set(object, lates.add(lateAt));
          const before = first.find((one) => one.object === object);
          const counts = object === 'st_stbprp_b' || isWithoutLate;
          return counts ? done >= (before?.done ?? 0) + 2 : lates.size >= 3;
        })
      );
    },
    { what: 'two late re-reads of every feed', withinMs: 60_000, everyMs: 50 },
  );
}

async function readRuns({ hub }: World): Promise<{ readonly runs: number; readonly lost: number }> {
  const [row] = await hub<{ runs: number; lost: number }>(
    `select count(*)::int as runs, count(*) filter (where error_code = 'HUB_SYNC_LEASE_LOST')::int as lost from hub.run`,
  );
  return row ?? { runs: 0, lost: 0 };
}

const toSeconds = (began: number) => Math.round((performance.now() - began) / 100) / 10;
