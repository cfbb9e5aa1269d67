// Listening from both ends of a real connection: when a line is answered, when it is not, and what stands in the store.
import { afterEach, describe, expect, test } from '@jest/globals';
import { HubError } from '../../schema/errors.ts';
import type { SyncStore } from '../../store/contract.ts';
import { eventually } from '../../test/support/eventually.ts';
import { openLineSource } from '../../test/support/line-kind.ts';
import { type LineSender, openLineSender } from '../../test/support/line-sender.ts';
import { openMemoryStore } from '../../test/support/memory-store.ts';
import { mappingOf, pushedFeeds } from '../../test/support/sample-push.ts';
import type { Log } from '../log.ts';
import type { Feed } from '../plan/feed.ts';
import { toIso } from '../sync/open-run.ts';
import { type ListenToSource, listenToSource } from './listen-to-source.ts';

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const NOW = Date.parse('2026-04-05T12:00:00Z');
const HOUR = 3_600_000;
const AWAY = new HubError('HUB_STORE_UNREACHABLE', 'the store is away');

const level = (stcd: string, second: number, z = '1.5') => ({
  ...{ stcd, z },
  tm: `2026-04-05 19:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`,
});

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function openWorld() {
  const memory = openMemoryStore();
  const source = openLineSource(0);
  closing.push(() => source.close());
  const world = {
    now: NOW,
    memory,
    source,
    store: memory.sync,
    keys: () => [...memory.rows.keys()].toSorted(),
    sender(chunk?: number): LineSender {
      const sender = openLineSender(source.port, chunk);
      closing.push(sender.close);
      return sender;
    },
    /** Begins a session and waits until it listens. */
    async listen(change: Partial<ListenToSource> = {}) {
      const stopping = new AbortController();
      const end = listenToSource(pushedFeeds(), {
        ...{ source, store: world.store, clock: () => world.now, mappingOf, log: SILENT },
        ...{ holder: 'test', beatMs: 10, signal: stopping.signal },
        ...change,
      });
      end.catch(() => undefined);
      closing.push(() => stopping.abort());
      await eventually(() => source.port() !== null, { what: 'listening' });
      return { end, stop: () => stopping.abort() };
    },
  };
  return world;
}

/** A store whose pages wait at a gate before they are written. */
function withGate(sync: SyncStore) {
  let open: () => void = () => undefined;
  let gate = Promise.resolve();
  const waiting = { pages: 0 };
  const store: SyncStore = {
    ...sync,
    commitPage: async (...page) => {
      waiting.pages += 1;
      await gate;
      return sync.commitPage(...page);
    },
  };
  const shut = () => {
    gate = new Promise((resolve) => {
      open = resolve;
    });
  };
  return { store, shut, open: () => open(), waiting };
}

describe('a line', () => {
  test('is answered when its rows are durable, and not before', async () => {
    const world = openWorld();
    const gate = withGate(world.store);
    gate.shut();
    await world.listen({ store: gate.store });
    const sender = world.sender();
    sender.send('station', { stcd: 'S1', stnm: '道县' });
    await eventually(() => gate.waiting.pages === 1, { what: 'the page' });
    expect([sender.answered, world.keys()]).toEqual([[], []]);
    gate.open();
    await eventually(sender.isQuiet, { what: 'the answer' });
    expect([sender.answered, world.keys()]).toEqual([[1], ['HydroStation:S1']]);
  });

  test('that comes in pieces, over several connections that are cut, is taken once each and none is lost', async () => {
    const world = openWorld();
    await world.listen();
    const senders = [3, 7, 1000].map((chunk) => world.sender(chunk));
    const all: string[] = [];
    for (const [at, sender] of senders.entries()) {
      sender.send('station', { stcd: `S${at}` });
      for (let second = 0; second < 40; second += 1) {
        sender.send('level', level(`S${at}`, second));
        all.push(`RiverReading:S${at}~${toIso(Date.parse('2026-04-05T11:00:00Z') + second * 1000)}`);
        if (second % 15 === 7) sender.cut();
      }
    }
    await eventually(() => senders.every((sender) => sender.isQuiet()), { what: 'all answers' });
    await eventually(() => world.memory.waiting.size === 0, { what: 'what waited for its station' });
    expect(world.keys().filter((key) => key.startsWith('RiverReading'))).toEqual(all.toSorted());
    expect([...world.memory.rows.values()].every(({ writes }) => writes === 1)).toBe(true);
  });

  test('that cannot be mapped or is no JSON is kept with its original, and answered', async () => {
    const world = openWorld();
    await world.listen();
    const sender = world.sender();
    sender.send('level', { stcd: null, tm: '2026-04-05 19:00:00' });
    sender.sendRaw((n) => `{"n":${n},"object":"level","record":{`);
    await eventually(sender.isQuiet, { what: 'both answers' });
    expect(world.memory.setAside).toMatchObject([
      { type: 'RiverReading', fault: { code: 'HUB_MAP_KEY_EMPTY' }, record: { tm: '2026-04-05 19:00:00' } },
      { type: null, fault: { code: 'HUB_MAP_RECORD' }, record: { '@raw': expect.stringContaining('"n":2') } },
    ]);
  });

  test('of no object is kept by whatever feed of the source there is, under what its source says of it', async () => {
    const world = openWorld();
    await world.listen();
    const raw = { '@raw': Uint8Array.of(1, 2) };
    const unreadable = [{ raw, message: 'no object names it', code: 'HUB_MAP_NO_FORM' as const }];
    await world.source.bring({ object: 'other', records: [], receivedAt: toIso(world.now), unreadable });
    expect(world.memory.setAside).toMatchObject([
      { type: null, fault: { code: 'HUB_MAP_NO_FORM', message: 'no object names it' }, record: raw },
    ]);
  });

  test('that the store cannot take is not answered; it is sent again and lands when the store is back', async () => {
    const world = openWorld();
    world.memory.beforeCommit = (commit) => {
      if (commit <= 3) throw AWAY;
    };
    await world.listen();
    const sender = world.sender();
    sender.send('station', { stcd: 'S1' });
    await eventually(sender.isQuiet, { what: 'the answer' });
    expect(sender.answered).toEqual([1]);
    expect(world.memory.pages).toHaveLength(1);
    expect(world.memory.runs.map(({ state }) => state)).toEqual(['running', 'running']);
  });

  test('that was durable when the answer was lost is sent again and changes nothing', async () => {
    const world = openWorld();
    world.memory.afterCommit = (commit) => {
      if (commit === 1) throw AWAY;
    };
    await world.listen();
    const sender = world.sender();
    sender.send('station', { stcd: 'S1' });
    await eventually(sender.isQuiet, { what: 'the answer' });
    expect(world.memory.pages).toHaveLength(2);
    expect(world.memory.rows.get('HydroStation:S1')?.writes).toBe(1);
  });

  test('whose station is not there yet waits, is answered, and lands after it', async () => {
    const world = openWorld();
    await world.listen();
    const sender = world.sender();
    sender.send('level', level('S1', 0));
    await eventually(sender.isQuiet, { what: 'the answer' });
    expect(world.memory.waiting.size).toBe(1);
    sender.send('station', { stcd: 'S1' });
    await eventually(() => world.memory.rows.size === 2, { what: 'the level behind its station' });
  });
});

describe('what is not taken yet', () => {
  test('stays with its senders: one line a connection is in, and those that waited are one page', async () => {
    const world = openWorld();
    const gate = withGate(world.store);
    gate.shut();
    await world.listen({ store: gate.store });
    const senders = [world.sender(), world.sender(), world.sender()];
    senders[0]?.send('station', { stcd: 'A1' });
    await eventually(() => gate.waiting.pages === 1, { what: 'the first page' });
    for (const [at, sender] of senders.entries())
      for (let more = 0; more < 20; more += 1) sender.send('station', { stcd: `B${at}-${more}` });
    expect(gate.waiting.pages).toBe(1);
    gate.open();
    await eventually(() => senders.every((sender) => sender.isQuiet()), { what: 'all answers' });
    expect(world.memory.rows.size).toBe(61);
    // Never more than a line of each connection in one page.
    expect(Math.max(...world.memory.pages.map(({ read }) => read))).toBeLessThanOrEqual(3);
  });

  test('a batch that the store refuses does not keep those back that came with it', async () => {
    const world = openWorld();
    const gate = withGate(world.store);
    gate.shut();
    const refuse = (stcd: string) => stcd === 'BAD';
    const store: SyncStore = {
      ...gate.store,
      commitPage: async (run, page, options) => {
        if (page.rows.some(({ key }) => refuse(key ?? '')))
          throw new HubError('HUB_STORE_QUERY', 'refused by a test');
        return gate.store.commitPage(run, page, options);
      },
    };
    await world.listen({ store });
    const senders = [world.sender(), world.sender(), world.sender()];
    senders[0]?.send('station', { stcd: 'A' });
    await eventually(() => gate.waiting.pages === 1, { what: 'the first page' });
    senders[1]?.send('station', { stcd: 'BAD' });
    senders[2]?.send('station', { stcd: 'GOOD' });
    gate.open();
    await eventually(() => senders[0]?.isQuiet() && senders[2]?.isQuiet(), { what: 'the good ones' });
    expect(world.keys()).toEqual(['HydroStation:A', 'HydroStation:GOOD']);
    expect(senders[1]?.answered).toEqual([]);
  });
});

describe('the one who listens', () => {
  test('holds all feeds of the source, as long as nothing comes too', async () => {
    const world = openWorld();
    await world.listen();
    for (let beat = 0; beat < 5; beat += 1) {
      world.now += 20_000;
      const isKept = ({ key, holdMs }: Feed) => world.memory.untilOf(key) === world.now + holdMs;
      await eventually(() => pushedFeeds().every(isKept), { what: 'a beat' });
    }
    const now = toIso(world.now);
    for (const { key } of pushedFeeds())
      expect(await world.store.acquire(key, { now, holdMs: 1, holder: 'other' })).toBeNull();
    expect(world.memory.heard).toEqual([]);
  });

  test('holds none where another holds one of them', async () => {
    const world = openWorld();
    const [one, two] = pushedFeeds();
    const now = toIso(world.now);
    await world.store.acquire((two ?? never()).key, { now, holdMs: 1000, holder: 'other' });
    const options = {
      ...{ source: world.source, store: world.store, clock: () => world.now, mappingOf, log: SILENT },
      ...{ holder: 'test', signal: new AbortController().signal },
    };
    expect(await listenToSource(pushedFeeds(), options)).toBe('busy');
    expect(world.source.port()).toBeNull();
    const free = await world.store.acquire((one ?? never()).key, { now, holdMs: 1000, holder: 'third' });
    expect(free).not.toBeNull();
    expect(world.memory.runs).toEqual([]);
  });

  test('that was away and lost a feed writes nothing of it, answers nothing, and stops listening', async () => {
    const world = openWorld();
    const { end } = await world.listen({ beatMs: HOUR });
    const sender = world.sender();
    sender.send('station', { stcd: 'S1' });
    await eventually(sender.isQuiet, { what: 'the first answer' });
    world.now += 60_000;
    for (const { key } of pushedFeeds())
      await world.store.acquire(key, { now: toIso(world.now), holdMs: 60_000, holder: 'other' });
    sender.send('station', { stcd: 'S2' });
    await expect(end).rejects.toMatchObject({ code: 'HUB_SYNC_LEASE_LOST' });
    expect(world.source.port()).toBeNull();
    expect(sender.answered).toEqual([1]);
    expect(world.keys()).toEqual(['HydroStation:S1']);
  });

  test('hears of it by its next beat where nothing comes', async () => {
    const world = openWorld();
    const { end } = await world.listen();
    world.memory.steal(pushedFeeds()[1]?.key ?? never());
    await expect(end).rejects.toMatchObject({ code: 'HUB_SYNC_LEASE_LOST' });
    const now = toIso(world.now);
    const [one] = pushedFeeds();
    expect(
      await world.store.acquire((one ?? never()).key, { now, holdMs: 1, holder: 'other' }),
    ).not.toBeNull();
  });

  test('that is told to stop finishes the batch, answers it and closes', async () => {
    const world = openWorld();
    const gate = withGate(world.store);
    gate.shut();
    const { end, stop } = await world.listen({ store: gate.store });
    const sender = world.sender();
    sender.send('station', { stcd: 'S1' });
    await eventually(() => gate.waiting.pages === 1, { what: 'the page' });
    stop();
    gate.open();
    expect(await end).toBe('stopped');
    await eventually(() => sender.answered.length === 1, { what: 'the answer' });
    expect(world.keys()).toEqual(['HydroStation:S1']);
    expect(world.memory.runs.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
    expect(world.source.port()).toBeNull();
  });

  test('begins a new run every hour', async () => {
    const world = openWorld();
    await world.listen();
    world.now += HOUR;
    await eventually(() => world.memory.runs.length === 4, { what: 'the next runs' });
    expect(world.memory.runs.map(({ state }) => state)).toEqual([
      'succeeded',
      'succeeded',
      'running',
      'running',
    ]);
    const sender = world.sender();
    sender.send('station', { stcd: 'S1' });
    await eventually(sender.isQuiet, { what: 'the answer' });
  });

  test('fails with the source: a port that is taken, a line that went dead', async () => {
    const world = openWorld();
    const { end } = await world.listen();
    const second = openLineSource(world.source.port() ?? 0);
    const other = openMemoryStore();
    const taken = listenToSource(pushedFeeds(), {
      ...{ source: second, store: other.sync, clock: () => world.now, mappingOf, log: SILENT },
      ...{ holder: 'test', signal: new AbortController().signal },
    });
    await expect(taken).rejects.toMatchObject({ code: 'HUB_SOURCE_REFUSED' });
    expect(other.runs.map(({ state }) => state)).toEqual(['failed', 'failed']);
    await world.source.breakDown();
    await expect(end).rejects.toMatchObject({ code: 'HUB_SOURCE_UNREACHABLE' });
    expect(world.memory.runs.map(({ state }) => state)).toEqual(['failed', 'failed']);
  });
});

describe('how the hub stands with its senders', () => {
  const notice = { device: 'T1', peer: null, at: toIso(NOW), frames: 1, refused: 0, reason: null };

  test('is written down from time to time, also when the store was away, and at the end nobody is connected', async () => {
    const world = openWorld();
    let isAway = true;
    world.store = {
      ...world.memory.sync,
      noteDevices: async (...args) => {
        if (isAway) throw AWAY;
        await world.memory.sync.noteDevices(...args);
      },
    };
    const { end, stop } = await world.listen({ devicesMs: 5 });
    world.source.tell([{ ...notice, state: 'connected' }]);
    const sender = world.sender();
    sender.send('station', { stcd: 'S1' });
    await eventually(sender.isQuiet, { what: 'the answer, whatever becomes of the devices' });
    expect(world.memory.devices.size).toBe(0);
    isAway = false;
    await eventually(() => world.memory.devices.size === 1, { what: 'the device' });
    expect(world.memory.devices.get('T1')).toMatchObject({ connected: true, frames: 1 });
    stop();
    await end;
    expect(world.memory.devices.get('T1')).toMatchObject({ connected: false });
  });

  test('begins anew with whoever listens: what a worker that died had connected is not', async () => {
    const world = openWorld();
    await world.memory.sync.noteDevices('hydrology', 'port', [
      { ...notice, connected: true, connectedAt: null, heardAt: null, disconnectedAt: null },
    ]);
    await world.listen({ devicesMs: 5 });
    await eventually(() => world.memory.devices.get('T1')?.connected === false, {
      what: 'the new beginning',
    });
  });
});

describe('signs of life', () => {
  test('are batches and the heartbeats that a type names; that somebody listens is none', async () => {
    const world = openWorld();
    await world.listen();
    const sender = world.sender();
    sender.send('online', {});
    await eventually(() => world.memory.heard.length === 1, { what: 'the heartbeat' });
    expect(world.memory.pages).toEqual([]);
    sender.send('level', level('S1', 0));
    await eventually(() => world.memory.heard.length === 2, { what: 'the batch' });
  });

  test('that no type names are answered all the same', async () => {
    const world = openWorld();
    await world.listen();
    await world.source.bring({ object: 'other', records: [], receivedAt: toIso(world.now) });
    expect([world.memory.pages, world.memory.heard]).toEqual([[], []]);
  });

  test('a message of an object that nobody reads is not answered', async () => {
    const world = openWorld();
    await world.listen();
    const sender = world.sender();
    sender.send('nobody', {});
    const good = world.sender();
    good.send('station', { stcd: 'S1' });
    await eventually(good.isQuiet, { what: 'the other answer' });
    expect(sender.answered).toEqual([]);
  });
});

function never(): never {
  throw new Error('two feeds are planned');
}
