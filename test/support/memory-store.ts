// A store in memory that keeps the SyncStore contract: leases, marks, waiting records and absence, in as few lines as
// that takes. The same tests run over it and over PostgreSQL; here a run can be killed at any of its calls.
import type { MappedRow } from '../../connectors/kit/mapping/outcome.ts';
import { type ErrorCode, HubError } from '../../schema/errors.ts';
import type {
  DeviceUpdate,
  FeedKey,
  FeedMark,
  FeedShape,
  KeptRecord,
  PageCommit,
  Run,
  RunCounts,
  RunEnd,
  SetAside,
  SyncStore,
} from '../../store/contract.ts';

export type MemoryRow = MappedRow & { gone: boolean; writes: number };
export type MemoryRun = {
  readonly id: string;
  readonly reason: string;
  state: string;
  error: Error | null;
  note?: string;
};

export type MemoryStore = {
  readonly sync: SyncStore;
  readonly rows: Map<string, MemoryRow>;
  readonly setAside: SetAside[];
  readonly waiting: Map<string, KeptRecord>;
  readonly runs: MemoryRun[];
  readonly pages: PageCommit[];
  /** The last update of each device. */
  readonly devices: Map<string, DeviceUpdate>;
  /** Signs of life, as they were written down. */
  readonly heard: string[];
  markOf(feed: FeedKey): FeedMark;
  /** Milliseconds until which the feed is held. */
  untilOf(feed: FeedKey): number;
  /** Another worker takes the feed over, whatever its time. */
  steal(feed: FeedKey): void;
  /** Called before each commit with its number, 1-based; throw to die there. */
  beforeCommit: (commit: number) => void;
  /** Called after each commit: the page is durable and the worker does not know. */
  afterCommit: (commit: number) => void;
};

type Held = {
  mark: FeedMark;
  token: number;
  until: number;
  failing: ErrorCode | null;
  shape: FeedShape | null;
  /** By the list. */
  readonly braked: Map<string, string>;
};
const NO_COUNTS: RunCounts = {
  read: 0,
  written: 0,
  unchanged: 0,
  deleted: 0,
  setAside: 0,
  waiting: 0,
  notOurs: 0,
  faulty: 0,
};

/** `maxPercent`: the delete brake. Links named in `waits` keep a row back until the row that they name has come. */
export function openMemoryStore({ maxPercent = 60 } = {}): MemoryStore {
  const feeds = new Map<string, Held>();
  const seen = new Map<string, Set<string>>();
  const totals = new Map<string, RunCounts>();
  let commits = 0;
  const held = (feed: FeedKey): Held => {
    const name = JSON.stringify(feed);
    const known = feeds.get(name) ?? {
      mark: { watermark: null, lateAt: null, scan: null },
      token: 0,
      until: 0,
      failing: null,
      shape: null,
      braked: new Map(),
    };
    feeds.set(name, known);
    return known;
  };
  const check = (run: Run) => {
    const feed = held(run.lease.feed);
    if (String(feed.token) !== run.lease.token) throw new HubError('HUB_SYNC_LEASE_LOST', 'taken over');
    return feed;
  };
  const store: MemoryStore = {
    rows: new Map(),
    setAside: [],
    waiting: new Map(),
    runs: [],
    pages: [],
    devices: new Map(),
    heard: [],
    markOf: (feed) => held(feed).mark,
    untilOf: (feed) => held(feed).until,
    steal: (feed) => {
      held(feed).token += 1;
    },
    beforeCommit: () => undefined,
    afterCommit: () => undefined,
    sync: {
      acquire: async (feed, { now, holdMs }) => {
        const own = held(feed);
        if (own.until > Date.parse(now)) return null;
        own.token += 1;
        own.until = Date.parse(now) + holdMs;
        return {
          feed,
          token: String(own.token),
          mark: own.mark,
          failing: own.failing,
          braked: [...own.braked.values()],
        };
      },
      release: async (lease) => {
        const own = held(lease.feed);
        if (String(own.token) === lease.token) own.until = 0;
      },
      renew: async (lease, { now, holdMs, heardAt }) => {
        const own = held(lease.feed);
        if (String(own.token) !== lease.token) throw new HubError('HUB_SYNC_LEASE_LOST', 'taken over');
        own.until = Date.parse(now) + holdMs;
        if (heardAt !== undefined) own.failing = null;
        if (typeof heardAt === 'string') store.heard.push(heardAt);
      },
      bookCall: async () => 0,
      noteDevices: async (_unit, _source, updates) => {
        for (const update of updates) store.devices.set(update.device, update);
      },
      leaveDevices: async () => {
        for (const [device, update] of store.devices)
          store.devices.set(device, { ...update, connected: false });
      },
      readMark: async (feed) => held(feed).mark,
      openRun: async (lease, { reason, now }) => {
        const id = String(store.runs.length + 1);
        store.runs.push({ id, reason, state: 'running', error: null });
        totals.set(id, { ...NO_COUNTS });
        return { id, lease, startedAt: now, task: 'sync' };
      },
      noteRun: async (run, note) => {
        const entry = store.runs.find(({ id }) => id === run.id);
        if (entry !== undefined) entry.note = note;
      },
      readShape: async (feed) => held(feed).shape,
      keepShape: async (run, { shape }) => {
        check(run).shape = shape;
        return [];
      },
      commitPage: async (run, page, { now, holdMs }) => {
        commits += 1;
        store.beforeCommit(commits);
        const own = check(run);
        own.mark = page.mark;
        own.until = Date.parse(now) + holdMs;
        const counts = writePage(store, page, run, seen);
        addTo(totals.get(run.id), counts);
        store.afterCommit(commits);
        return counts;
      },
      takeWaiting: async (_feed, limit) =>
        [...store.waiting.values()].filter(({ id }) => isRipe(store, id)).slice(0, limit),
      closeRun: async (run, end) => closeRun(store, check(run), run, end, { seen, maxPercent, totals }),
    },
  };
  return store;
}

function writePage(
  store: MemoryStore,
  page: PageCommit,
  run: Run,
  seen: Map<string, Set<string>>,
): RunCounts {
  const counts = { ...NO_COUNTS, read: page.read, setAside: page.setAside.length, notOurs: page.notOurs };
  store.pages.push(page);
  store.setAside.push(...page.setAside);
  const scan = page.mark.scan?.run ?? run.id;
  page.rows.forEach((row, index) => {
    const name = `${row.type}:${row.key}`;
    const target = row.links.find((link) => link.link === 'station')?.key;
    if (target !== undefined && target !== null && !store.rows.has(`HydroStation:${target}`)) {
      counts.waiting += 1;
      const { receivedAt } = page;
      store.waiting.set(name, {
        id: `${name} HydroStation:${target}`,
        type: row.type,
        record: page.recordOf(index),
        digest: page.digestOf(index),
        receivedAt,
        seenAt: receivedAt,
        seenIn: run.id,
      });
      return;
    }
    store.waiting.delete(name);
    if (page.remember) seen.set(scan, (seen.get(scan) ?? new Set()).add(name));
    const known = store.rows.get(name);
    if (known !== undefined && known.hash === row.hash && !known.gone) counts.unchanged += 1;
    else {
      counts.written += 1;
      store.rows.set(name, { ...row, gone: false, writes: (known?.writes ?? 0) + 1 });
    }
  });
  return counts;
}

function isRipe(store: MemoryStore, id: string): boolean {
  return store.rows.has(id.slice(id.lastIndexOf(' ') + 1));
}

function closeRun(
  store: MemoryStore,
  own: Held,
  run: Run,
  end: RunEnd,
  all: { seen: Map<string, Set<string>>; maxPercent: number; totals: Map<string, RunCounts> },
): RunCounts {
  const entry = store.runs.find(({ id }) => id === run.id);
  const counts = all.totals.get(run.id) ?? { ...NO_COUNTS };
  if (entry === undefined || entry.state !== 'running') return counts;
  entry.state = end.state;
  entry.error = end.state === 'succeeded' ? null : end.error;
  if (end.state === 'failed') own.failing = end.error instanceof HubError ? end.error.code : 'HUB_INTERNAL';
  if (end.state !== 'succeeded') return counts;
  if (end.absence) {
    const keys = all.seen.get(own.mark.scan?.run ?? run.id) ?? new Set();
    const living = [...store.rows].filter(([name, row]) => name.startsWith('HydroStation:') && !row.gone);
    const missing = living.filter(([name]) => !keys.has(name));
    if (missing.length * 100 > all.maxPercent * living.length) {
      own.mark = { ...run.lease.mark, scan: null };
      entry.state = 'failed';
      own.failing = 'HUB_SYNC_DELETE_BRAKE';
      if (end.delivery !== undefined) own.braked.set(end.scope ?? '', end.delivery);
      throw new HubError('HUB_SYNC_DELETE_BRAKE', `${missing.length} of ${living.length} are missing`);
    }
    for (const [, row] of missing) row.gone = true;
    counts.deleted += missing.length;
  }
  own.mark = end.mark;
  own.braked.delete(end.scope ?? '');
  own.failing = own.braked.size > 0 ? 'HUB_SYNC_DELETE_BRAKE' : null;
  return counts;
}

function addTo(total: RunCounts | undefined, counts: RunCounts): void {
  if (total === undefined) return;
  for (const name of Object.keys(counts) as (keyof RunCounts)[]) total[name] += counts[name];
}
