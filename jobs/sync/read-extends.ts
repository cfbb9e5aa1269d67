// Joins the 1:1 tables of a page: one readMany a table, its columns put into the record under `alias.column`.
import type {
  Digest,
  KeyAnswer,
  Literal,
  Page,
  RawValue,
  Source,
  SourceRecord,
} from '../../connectors/kit/contract.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { isHubError } from '../../schema/errors.ts';
import type { AskedColumns } from './object-columns.ts';

/** A record with its joined columns, and the aliases whose table has more than one row for it. */
export type JoinedRecord = {
  readonly record: SourceRecord;
  readonly doubled: readonly string[];
  /** Of the object's own columns; null where the source gives none. */
  readonly digest: Digest | null;
};

const NONE_DOUBLED: readonly string[] = [];

type Extend = ObjectMapping['extends'][number];

/** The records of a page in their order. Rejects with whatever the source rejects with. */
export async function readExtends(
  source: Source,
  mapping: ObjectMapping,
  asked: AskedColumns,
  { records, digests }: Pick<Page, 'records' | 'digests'>,
): Promise<readonly JoinedRecord[]> {
  let joined: readonly JoinedRecord[] = records.map((record, index) => {
    return { record, doubled: NONE_DOUBLED, digest: digests?.[index] ?? null };
  });
  for (const extend of mapping.extends) {
    const columns = asked.extends.get(extend.as) ?? extend.columns;
    const answers = await readTable(source, extend, columns, records);
    joined = joined.map((item, index) => join(item, extend.as, columns, answers[index] ?? null));
  }
  return joined;
}

// Records of one page often share a key: each is asked for once.
async function readTable(
  source: Source,
  extend: Extend,
  columns: readonly string[],
  records: readonly SourceRecord[],
): Promise<readonly KeyAnswer[]> {
  const keys = records.map((record) => toKey(extend, record));
  const places = new Map<string, number>();
  const distinct: (readonly Literal[])[] = [];
  for (const key of keys) {
    if (key === null || places.has(JSON.stringify(key))) continue;
    places.set(JSON.stringify(key), distinct.length);
    distinct.push(key);
  }
  if (distinct.length === 0) return keys.map(() => null);
  const by = extend.on.map(({ its }) => its);
  const answers = await source.readMany(extend.object, { columns, by, keys: distinct });
  return keys.map((key) => (key === null ? null : (answers[places.get(JSON.stringify(key)) ?? -1] ?? null)));
}

function toKey(extend: Extend, record: SourceRecord): readonly Literal[] | null {
  const values = extend.on.map(({ own }) => record[own]);
  return values.every(isLiteral) ? values : null;
}

function isLiteral(value: RawValue | undefined): value is Literal {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function join(item: JoinedRecord, as: string, columns: readonly string[], answer: KeyAnswer): JoinedRecord {
  // Any other error is about the source and not about this key: the run ends and is tried again.
  if (answer instanceof Error && !isHubError(answer, 'HUB_MAP_EXTEND_MANY')) throw answer;
  const found = answer instanceof Error ? null : answer;
  const named = columns.map((column) => [`${as}.${column}`, found?.[column] ?? null] as const);
  return {
    ...item,
    record: { ...item.record, ...Object.fromEntries(named) },
    doubled: answer instanceof Error ? [...item.doubled, as] : item.doubled,
  };
}
