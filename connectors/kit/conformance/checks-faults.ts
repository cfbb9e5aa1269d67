// C23–C32: a legacy system that hangs, dies, changes or is not there; calls that are cancelled; and nothing left open.
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Source, SourceRecord } from '../contract.ts';
import { all, refused, sameRecords, within } from './expect.ts';
import { FIXTURE } from './fixture.ts';
import { ask, toCheck } from './to-check.ts';
import type { Check, World } from './world.ts';

const read = (world: World, source: Source) => source.select(world.names.stations, all('stations', 50));

/** Asks until the legacy system sees no connection any more; it notices a closed one a little later. */
async function connectionsEnd(world: World): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    if ((await world.connections()) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  equal(await world.connections(), 0, 'connections stay open in the legacy system');
}

export const FAULT_CHECKS: readonly Check[] = [
  toCheck(
    'C23',
    'a source that hangs is left at the deadline, and used again when it answers',
    'select',
    async (world) => {
      const fresh = await world.open({ timeoutMs: 300 });
      const warm = await world.open({ timeoutMs: 300 });
      await read(world, warm);
      world.faults.hang();
      for (const source of [fresh, warm]) {
        const began = performance.now();
        await refused(world, within(3000, 'a call', read(world, source)), 'HUB_SOURCE_TIMEOUT');
        ok(performance.now() - began >= 250, 'it waited for its time-out');
      }
      await within(5000, 'close() of a hanging source', fresh.close());
      world.faults.heal();
      equal((await read(world, await world.open())).records.length, FIXTURE.stations.records.length);
      await retried(() => read(world, warm));
    },
  ),

  toCheck('C24', 'a source that dies in the middle of a page loses nothing', 'scan', async (world) => {
    const source = await world.open({ timeoutMs: 2000 });
    const request = all('readings', 60, { order: ['tm'] });
    const got: SourceRecord[] = [];
    let after: string | undefined;
    for await (const page of source.scan(world.names.readings, request)) {
      got.push(...page.records);
      after = page.cursor ?? undefined;
      if (got.length === 120) break;
    }
    world.faults.dieAfter(600);
    const next = after === undefined ? request : { ...request, after };
    await refused(
      world,
      source.select(world.names.readings, next),
      'HUB_SOURCE_UNREACHABLE',
      'HUB_SOURCE_TIMEOUT',
    );
    world.faults.heal();
    await retried(async () => {
      const rest: SourceRecord[] = [];
      for await (const page of source.scan(world.names.readings, next)) rest.push(...page.records);
      sameRecords([...got, ...rest], FIXTURE.readings.records, 'each record came once');
    });
  }),

  toCheck(
    'C25',
    'a shape that changes while the source is open is noticed, by name',
    'select',
    async (world) => {
      const source = await world.open();
      await read(world, source);
      await world.dropColumn('stations', 'basin');
      const error = await refused(world, read(world, source), 'HUB_SOURCE_SHAPE');
      ok(error.message.includes('basin'), `the message names the column: ${error.message}`);
      const page = await source.select(world.names.stations, { columns: ['code', 'name'], limit: 50 });
      equal(page.records.length, FIXTURE.stations.records.length, 'the other columns still answer');
    },
  ),

  toCheck('C26', 'a cancelled call ends at once and gives its place back', 'select', async (world) => {
    const source = await world.open({ inFlight: 1, timeoutMs: 10_000 });
    await read(world, source);
    const already = AbortSignal.abort();
    const unasked = source.select(world.names.stations, all('stations', 50), { signal: already });
    await refused(world, unasked, 'HUB_SOURCE_CLOSED');
    world.faults.hang();
    const controller = new AbortController();
    const options = { signal: controller.signal };
    const calls = [1, 2].map(() => source.select(world.names.stations, all('stations', 50), options));
    const ended = Promise.all(calls.map((call) => refused(world, call, 'HUB_SOURCE_CLOSED')));
    await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort();
    await within(500, 'a cancelled call', ended);
    world.faults.heal();
    equal((await retried(() => read(world, source))).records.length, FIXTURE.stations.records.length);
  }),

  toCheck('C27', 'closing ends calls under way, may be repeated, and is final', 'select', async (world) => {
    const source = await world.open({ timeoutMs: 10_000 });
    await read(world, source);
    world.faults.hang();
    const under = refused(world, read(world, source), 'HUB_SOURCE_CLOSED');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await within(5000, 'close()', Promise.all([source.close(), source.close()]));
    await within(100, 'the call under way', under);
    world.faults.heal();
    await connectionsEnd(world);
    await source.close();
    for (const capability of ['describe', 'readMany', 'select', 'scan'] as const)
      if (source.capabilities[capability])
        await refused(world, ask(source, capability, world), 'HUB_SOURCE_CLOSED');
  }),

  toCheck('C28', 'nothing stays open after close(), whatever happened before', 'select', async (world) => {
    // Ten calls through three places: a busy machine needs some time for them.
    const source = await world.open({ inFlight: 3, timeoutMs: 2000 });
    await Promise.all(Array.from({ length: 10 }, () => read(world, source)));
    ok((await world.connections()) > 0, 'the legacy system saw the source');
    await refused(world, source.select(`${world.names.stations}x`, all('stations', 1)), 'HUB_SOURCE_SHAPE');
    world.faults.hang();
    await Promise.all([1, 2, 3, 4].map(() => refused(world, read(world, source), 'HUB_SOURCE_TIMEOUT')));
    world.faults.heal();
    await retried(() => read(world, source));
    await source.close();
    await connectionsEnd(world);
  }),

  toCheck(
    'C29',
    'opening connects to nothing; the first call says that nobody is there',
    null,
    async (world) => {
      world.faults.down();
      const source = await world.open({ timeoutMs: 1000 });
      const call = source.capabilities.describe ? source.describe() : read(world, source);
      await refused(world, call, 'HUB_SOURCE_UNREACHABLE', 'HUB_SOURCE_TIMEOUT');
      world.faults.heal();
      equal(await world.connections(), 0);
      await retried(() => read(world, source));
    },
  ),

  toCheck('C30', 'never more connections than the manifest allows', 'select', async (world) => {
    const source = await world.open({ inFlight: 2, timeoutMs: 5000 });
    let most = 0;
    const calls = Array.from({ length: 40 }, () => read(world, source));
    const left = new Set(calls);
    for (const call of calls) call.then(() => left.delete(call)).catch(() => undefined);
    while (left.size > 0) {
      most = Math.max(most, await world.connections());
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(calls);
    ok(most >= 1 && most <= 2, `connections seen: ${most}`);
  }),

  toCheck('C31', 'capabilities are declared, and what is not declared is refused', null, async (world) => {
    const source = await world.open();
    for (const capability of ['describe', 'readMany', 'select', 'scan', 'listen', 'deliveries'] as const) {
      if (source.capabilities[capability]) continue;
      await refused(world, ask(source, capability, world), 'HUB_SOURCE_UNSUPPORTED');
    }
    if (!source.capabilities.select) return;
    const filter = [{ column: 'name', op: 'startsWith', value: '永' }] as const;
    const page = await source.select(world.names.stations, all('stations', 50, { filter }));
    deepEqual(page.unpushed, source.capabilities.filter.includes('startsWith') ? [] : filter);
  }),

  toCheck('C32', 'two sources on one system do not disturb each other', 'select', async (world) => {
    const [one, other] = [await world.open(), await world.open()];
    await read(world, one);
    await one.close();
    equal((await read(world, other)).records.length, FIXTURE.stations.records.length);
  }),
];

/** A source may need one failed call to notice that its old connections are gone. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  return work().catch(work);
}
