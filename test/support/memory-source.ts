// A legacy system in memory that keeps the connector contract: pages in a total order, cursors that resume, keys
// answered in order, and faults on demand. An honest collaborator for tests of the jobs.
import type {
  Condition,
  ObjectShape,
  Page,
  RawValue,
  SelectRequest,
  Source,
  SourceRecord,
} from '../../connectors/kit/contract.ts';
import { HubError } from '../../schema/errors.ts';

export type MemoryTable = {
  readonly shape: ObjectShape;
  rows: SourceRecord[];
};

export type MemorySource = Source & {
  readonly tables: ReadonlyMap<string, MemoryTable>;
  /** Every request for a page, in order. */
  readonly asked: SelectRequest[];
  /** Called before each page with its number since the last reset, 1-based; throw to fail there. */
  beforePage: (page: number) => void | Promise<void>;
  closed: boolean;
};

const NUMBER = /^\d+$/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2} /;

/** `columns` in the form `name:kind`; `key` orders the pages of an object that is asked without an order. */
export function toTable(name: string, columns: readonly string[], key: readonly string[]): MemoryTable {
  const shapes = columns.map((column) => {
    const [columnName = '', kind = 'text'] = column.split(':');
    return {
      name: columnName,
      kind: kind as ObjectShape['columns'][number]['kind'],
      native: kind,
      nullable: true,
    };
  });
  return { shape: { name, columns: shapes, key, rows: null }, rows: [] };
}

export function openMemorySource(tables: readonly MemoryTable[]): MemorySource {
  const byName = new Map(tables.map((table) => [table.shape.name, table]));
  const tableOf = (name: string) => {
    const table = byName.get(name);
    if (table === undefined) throw new HubError('HUB_SOURCE_SHAPE', `there is no ${name}`);
    return table;
  };
  let pages = 0;
  const source: MemorySource = {
    tables: byName,
    asked: [],
    beforePage: () => undefined,
    closed: false,
    capabilities: {
      describe: true,
      declares: true,
      readMany: true,
      select: true,
      scan: true,
      listen: false,
      spans: false,
      deliveries: false,
      digests: false,
      filter: ['eq', 'ne', 'gte', 'lt', 'lte', 'isNull'],
    },
    describe: async (names = [...byName.keys()]) => names.map((name) => tableOf(name).shape),
    readMany: async (object, request) =>
      request.keys.map((key) => {
        const found = tableOf(object).rows.filter((row) =>
          request.by.every((column, index) => row[column] === key[index]),
        );
        if (found.length > 1)
          return new HubError('HUB_MAP_EXTEND_MANY', `${object} has two rows for one key`);
        return found[0] === undefined ? null : toRecord(found[0], request.columns);
      }),
    select: async (object, request) => {
      source.asked.push(request);
      pages += 1;
      await source.beforePage(pages);
      return toPage(tableOf(object), request);
    },
    scan: async function* (object, request) {
      pages = 0;
      let after = request.after;
      for (;;) {
        const page = await source.select(object, after === undefined ? request : { ...request, after });
        yield page;
        if (page.last) return;
        after = page.cursor ?? after;
      }
    },
    digest: unsupported,
    listen: unsupported,
    deliveries: unsupported,
    settle: unsupported,
    close: async () => {
      source.closed = true;
    },
  };
  return source;
}

async function unsupported(): Promise<never> {
  throw new HubError('HUB_SOURCE_UNSUPPORTED', 'a database sends and leaves nothing');
}

function toPage(table: MemoryTable, request: SelectRequest): Page {
  const order = [...new Set([...(request.order ?? []), ...table.shape.key])];
  const placeOf = (row: SourceRecord) => order.map((column) => String(row[column] ?? ''));
  const form = JSON.stringify([table.shape.name, order, request.filter]);
  const behind = request.after === undefined ? null : parseCursor(request.after, form);
  const rows = table.rows
    .filter((row) => (request.filter ?? []).every((condition) => holds(row, condition)))
    .filter((row) => behind === null || compare(placeOf(row), behind) > 0)
    .toSorted((left, right) => compare(placeOf(left), placeOf(right)));
  const records = rows.slice(0, request.limit);
  const end = records.at(-1);
  return {
    records: records.map((row) => toRecord(row, request.columns)),
    cursor: end === undefined ? (request.after ?? null) : JSON.stringify({ form, at: placeOf(end) }),
    last: rows.length <= request.limit,
    unpushed: [],
  };
}

function parseCursor(text: string, form: string): readonly string[] {
  const cursor = JSON.parse(text) as { form: string; at: readonly string[] };
  if (cursor.form !== form) throw new HubError('HUB_SOURCE_CURSOR', 'the cursor belongs to another scan');
  return cursor.at;
}

function compare(left: readonly string[], right: readonly string[]): number {
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? '';
    if (value === other) continue;
    const numbers = NUMBER.test(value) && NUMBER.test(other);
    return (numbers ? BigInt(value) < BigInt(other) : value < other) ? -1 : 1;
  }
  return 0;
}

function toRecord(row: SourceRecord, columns: readonly string[]): SourceRecord {
  return Object.fromEntries(columns.map((column): [string, RawValue] => [column, row[column] ?? null]));
}

// Timestamps compare with all six digits, as a database does: `08:00:00` is not before `08:00:00.000000`.
function holds(row: SourceRecord, { column, op, value }: Condition): boolean {
  const own = toComparable(row[column] ?? null);
  const other = toComparable(value as RawValue);
  if (op === 'eq') return own === other;
  if (op === 'ne') return own !== other;
  if (op === 'gte') return own !== null && other !== null && compare([own], [other]) >= 0;
  if (op === 'lt') return own !== null && other !== null && compare([own], [other]) < 0;
  if (op === 'lte') return own !== null && other !== null && compare([own], [other]) <= 0;
  if (op === 'isNull') return own === null;
  throw new HubError('HUB_SOURCE_UNSUPPORTED', `the memory source does not know ${op}`);
}

function toComparable(value: RawValue): string | null {
  if (value === null) return null;
  const text = String(value);
  if (!TIMESTAMP.test(text)) return text;
  const [clock = '', fraction = ''] = text.split('.');
  return `${clock}.${fraction.padEnd(6, '0')}`;
}
