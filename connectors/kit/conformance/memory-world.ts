// A legacy system in memory, and a source on it: shows that the suite asks nothing of a database, and is spoilt in
// suite.test.ts to show that each check can fail. A collaborator of this folder's tests.
import { type ErrorCode, HubError } from '../../../schema/errors.ts';
import type {
  AccessSettings,
  CallOptions,
  Capabilities,
  Condition,
  ObjectShape,
  RawValue,
  SelectRequest,
  Source,
  SourceRecord,
} from '../contract.ts';
import { holds } from './conditions.ts';
import { toPlain } from './expect.ts';
import { FIXTURE } from './fixture.ts';
import type { World } from './world.ts';

const CAPABILITIES: Capabilities = {
  describe: true,
  declares: true,
  readMany: true,
  select: true,
  scan: true,
  listen: false,
  spans: false,
  deliveries: false,
  digests: false,
  filter: ['eq', 'ne', 'in', 'notIn', 'lt', 'lte', 'gt', 'gte', 'between', 'isNull', 'notNull', 'startsWith'],
};
type Mode = 'well' | 'hanging' | 'dying' | 'down';
type Memory = {
  mode: Mode;
  readonly objects: Map<string, ObjectShape & { records: SourceRecord[] }>;
  readonly users: Set<object>;
};

const refuse = (code: ErrorCode, message: string, column?: string) =>
  new HubError(code, message, column === undefined ? {} : { place: { column } });

export function toMemoryWorld(spoil: (source: Source) => Source = (source) => source): World {
  const memory: Memory = { mode: 'well', objects: new Map(), users: new Set() };
  for (const [name, { columns, key, records }] of Object.entries(FIXTURE)) {
    const shapes = columns.map((column) => ({
      name: column.name,
      kind: column.kind,
      native: column.kind,
      nullable: column.nullable,
    }));
    memory.objects.set(name, { name, columns: shapes, key, rows: null, records: [...records] });
  }
  const sources: Source[] = [];
  const turn = (mode: Mode) => () => {
    memory.mode = mode;
  };
  return {
    names: Object.fromEntries(Object.keys(FIXTURE).map((name) => [name, name])) as World['names'],
    secret: 'unspoken',
    open: async (overrides) => {
      const source = toMemorySource(memory, overrides ?? {});
      sources.push(source);
      return spoil(source);
    },
    insert: async (object, records) => {
      memory.objects.get(object)?.records.push(...records);
    },
    dropColumn: async (object, column) => {
      const found = memory.objects.get(object);
      if (found === undefined) return;
      memory.objects.set(object, { ...found, columns: found.columns.filter((each) => each.name !== column) });
    },
    faults: { hang: turn('hanging'), dieAfter: turn('dying'), down: turn('down'), heal: turn('well') },
    connections: async () => memory.users.size,
    close: async () => {
      await Promise.all(sources.map((source) => source.close()));
    },
  };
}

function toMemorySource(memory: Memory, { timeoutMs = 1000 }: Partial<AccessSettings>): Source {
  const self = {};
  const closing = new AbortController();
  const call = async <T>(options: CallOptions | undefined, work: () => T): Promise<T> => {
    const closed = refuse('HUB_SOURCE_CLOSED', 'closed or cancelled');
    if (closing.signal.aborted || options?.signal?.aborted) throw closed;
    if (memory.mode === 'dying') memory.mode = 'down';
    if (memory.mode === 'down') throw refuse('HUB_SOURCE_UNREACHABLE', 'nobody is there');
    memory.users.add(self);
    if (memory.mode === 'well') {
      const answer = work();
      await new Promise((resolve) => setImmediate(resolve));
      return answer;
    }
    return new Promise((_, reject) => {
      const end = (error: HubError) => {
        clearTimeout(timer);
        reject(error);
      };
      const timer = setTimeout(() => end(refuse('HUB_SOURCE_TIMEOUT', 'no answer')), timeoutMs);
      for (const signal of [closing.signal, options?.signal])
        signal?.addEventListener('abort', () => end(closed));
    });
  };
  const select: Source['select'] = (object, request, options) =>
    call(options, () => toPage(memory, object, request));
  return {
    capabilities: CAPABILITIES,
    describe: (names, options) =>
      call(options, () =>
        (names ?? [...memory.objects.keys()])
          .map((name) => find(memory, name))
          .map(({ name, columns, key, rows }) => ({ name, columns, key, rows })),
      ),
    readMany: (object, request, options) =>
      call(options, () => {
        const { records, pick } = open(memory, object, [...request.columns, ...request.by]);
        const byKey = new Map<string, SourceRecord[]>();
        for (const record of records) {
          const key = toKey(request.by.map((name) => pick(record, name)));
          byKey.set(key, [...(byKey.get(key) ?? []), record]);
        }
        return request.keys.map((key) => {
          const [first, second] = byKey.get(toKey(key)) ?? [];
          if (first === undefined) return null;
          return second === undefined
            ? toRecord(first, request.columns, pick)
            : refuse('HUB_MAP_EXTEND_MANY', 'two records');
        });
      }),
    select,
    async *scan(object, request, options) {
      for (let after = request.after; ; ) {
        const page = await select(object, after === undefined ? request : { ...request, after }, options);
        yield page;
        if (page.last || page.cursor === null) return;
        after = page.cursor;
      }
    },
    digest: unsupported,
    listen: unsupported,
    deliveries: unsupported,
    settle: unsupported,
    close: async () => {
      closing.abort();
      memory.users.delete(self);
    },
  };
}

async function unsupported(): Promise<never> {
  throw refuse('HUB_SOURCE_UNSUPPORTED', 'nothing is sent and nothing is left to be fetched');
}

function find(memory: Memory, name: string) {
  const found = memory.objects.get(name.toLowerCase());
  if (found !== undefined) return found;
  const near = [...memory.objects.keys()].filter((other) => name.toLowerCase().startsWith(other));
  throw refuse('HUB_SOURCE_SHAPE', `no object ${name}; nearest: ${near.join()}`);
}

/** An object's records, and a way to pick a column of one by any case of its name. */
function open(memory: Memory, object: string, names: readonly string[]) {
  const shape = find(memory, object);
  for (const name of names) {
    if (shape.columns.some((column) => column.name === name.toLowerCase())) continue;
    const near = shape.columns.filter((column) => column.name.startsWith(name.slice(0, 3)));
    throw refuse(
      'HUB_SOURCE_SHAPE',
      `no column ${name}; nearest: ${near.map((column) => column.name).join()}`,
      name,
    );
  }
  return {
    ...shape,
    pick: (record: SourceRecord, name: string): RawValue => record[name.toLowerCase()] ?? null,
  };
}

function toRecord(
  record: SourceRecord,
  columns: readonly string[],
  pick: (record: SourceRecord, name: string) => RawValue,
) {
  return Object.fromEntries(columns.map((name) => [name, pick(record, name)]));
}

/** Leading zeros of a number do not count, nor blanks at the end. */
function toKey(values: readonly RawValue[]): string {
  const plain = values.map((value) => toPlain(value)?.replace(/^0+(?=\d+$)/, '') ?? null);
  return plain.includes(null) ? `none ${Math.random()}` : JSON.stringify(plain);
}

function toPage(memory: Memory, object: string, request: SelectRequest) {
  const filter: readonly Condition[] = request.filter ?? [];
  const names = [
    ...request.columns,
    ...(request.order ?? []),
    ...filter.map((condition) => condition.column),
  ];
  const { records, key, pick } = open(memory, object, names);
  const print = JSON.stringify([object.toLowerCase(), request.order, filter]);
  const start = request.after === undefined ? null : parse(request.after, print);
  const order = [...(request.order ?? []), ...key];
  const placed = records
    .map((record, index) => ({
      record,
      at: [...order.map((name) => toRank(pick(record, name))), toRank(index)],
    }))
    .filter(({ record }) => filter.every((condition) => holds(record, condition)))
    .sort((a, b) => compare(a.at, b.at))
    .filter(({ at }) => start === null || compare(at, start) > 0);
  const kept = placed.slice(0, request.limit);
  const end = kept.at(-1)?.at;
  return {
    records: kept.map(({ record }) => toRecord(record, request.columns, pick)),
    cursor: end === undefined ? (request.after ?? null) : JSON.stringify([print, end]),
    last: placed.length <= request.limit,
    unpushed: [],
  };
}

function parse(cursor: string, print: string): readonly string[] {
  try {
    const [own, at] = JSON.parse(cursor) as [string, readonly string[]];
    if (own === print) return at;
  } catch {}
  throw refuse('HUB_SOURCE_CURSOR', 'a foreign cursor');
}

/** Texts that sort as their values do; null behind all. */
function toRank(value: RawValue): string {
  if (value === null) return '~';
  return typeof value === 'number' ? String(value).padStart(12, '0') : String(value);
}

function compare(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((rank, index) => rank !== b[index]);
  return at < 0 ? 0 : (a[at] ?? '') < (b[at] ?? '') ? -1 : 1;
}
