// What the store has of a page's records: each row by its key and content, each record that cannot land by its hash.
import type pg from 'pg';
import type { SourceRecord } from '../../connectors/kit/contract.ts';
import type { PageCommit, Run } from '../contract.ts';
import { toRecordHash, toRecordText } from '../write/kept-record.ts';
import { openKnownTargets } from '../write/known-targets.ts';
import { resolveLinks } from '../write/links.ts';
import { toNative } from '../write/native-key.ts';
import { type TypePlan, toFormsOfFeed, type UnitPlan } from '../write/unit-plan.ts';
import type { Compared, RowState } from './contract.ts';

type Page = Pick<PageCommit, 'rows' | 'setAside' | 'recordOf' | 'digestOf'>;
type Found = { readonly key: string | null; readonly state: RowState };

/** Two statements a type (and those of its links), and one for what is kept. */
export async function comparePage(
  client: pg.PoolClient,
  unit: UnitPlan,
  run: Run,
  page: Page,
): Promise<Compared> {
  const found = new Map<number, Found>();
  for (const plan of unit.types.values()) {
    const rows = page.rows.flatMap((row, index) => (row.type === plan.type.name ? [{ index, row }] : []));
    if (rows.length > 0) await compareRows(client, unit, plan, rows, page, found);
  }
  const open = page.rows.flatMap((row, index) =>
    found.get(index)?.state === 'missing' ? [{ index, type: row.type, record: page.recordOf(index) }] : [],
  );
  const kept = await findKept(client, run, [...open, ...page.setAside]);
  open.forEach(({ index }, at) => {
    if (kept[at] === true) found.set(index, { key: found.get(index)?.key ?? null, state: 'aside' });
  });
  return {
    rows: page.rows.map(({ type, key }, index) => ({
      type,
      ...(found.get(index) ?? { key, state: 'missing' as const }),
    })),
    setAside: page.setAside.map(({ type }, at) => ({ type, kept: kept[open.length + at] === true })),
    natives: page.setAside.flatMap(({ type, record }) => toNatives(unit, run, type, record)),
  };
}

type Candidate = Page['rows'][number];

async function compareRows(
  client: pg.PoolClient,
  unit: UnitPlan,
  plan: TypePlan,
  rows: readonly { readonly index: number; readonly row: Candidate }[],
  page: Page,
  found: Map<number, Found>,
): Promise<void> {
  const { ready, held } = await resolveLinks(client, unit, plan, rows, {
    known: openKnownTargets(),
    found: new Map(),
  });
  const asked = [
    ...ready.map(({ index, row, key }) => ({ index, row, key })),
    // What cannot land for a link's sake may have landed before.
    ...held.map(({ index, row }) => ({ index, row, key: row.key })),
  ];
  const time = plan.partitioned
    ? ' AND t._observed_at = u.at AND t._observed_at >= (SELECT min(x) FROM unnest($6::timestamptz[]) x)'
    : '';
  const { rows: answers } = await client.query<{ n: string; state: RowState }>(
    `SELECT u.n, CASE
         WHEN t._key IS NULL THEN 'missing'
         WHEN t._form < u.form THEN 'same'
         WHEN t._gone_at IS NOT NULL AND NOT u.deleted THEN 'missing'
         WHEN t._hash <> decode(u.hash, 'hex') OR t._form > u.form OR (t._gone_at IS NULL) = u.deleted THEN 'differs'
         WHEN u.digest IS NOT NULL AND t._digest IS DISTINCT FROM u.digest THEN 'stale' ELSE 'same' END AS state
     FROM unnest($1::text[], $2::text[], $3::int2[], $4::bool[], $5::bigint[], $6::timestamptz[])
       WITH ORDINALITY AS u(key, hash, form, deleted, digest, at, n)
     LEFT JOIN ${plan.table} t ON t._key = u.key${time}`,
    [
      asked.map(({ key }) => key),
      asked.map(({ row }) => row.hash),
      asked.map(({ row }) => row.form),
      asked.map(({ row }) => row.deleted),
      asked.map(({ index }) => page.digestOf(index)),
      asked.map(({ row }) => row.observedAt),
    ],
  );
  for (const { n, state } of answers) {
    const one = asked[Number(n) - 1];
    if (one === undefined) continue;
    // A row that the source has marked as deleted and that never came is nothing that anybody misses.
    found.set(one.index, { key: one.key, state: one.row.deleted && state === 'missing' ? 'differs' : state });
  }
}

async function findKept(
  client: pg.PoolClient,
  run: Run,
  asked: readonly { readonly type: string | null; readonly record: SourceRecord }[],
): Promise<readonly boolean[]> {
  if (asked.length === 0) return [];
  const { feed } = run.lease;
  const { rows } = await client.query<{ kept: boolean }>(
    `SELECT EXISTS (SELECT FROM hub.set_aside s WHERE s.unit = $1 AND s.source = $2 AND s.object = $3
       AND s.type IS NOT DISTINCT FROM u.type AND s.record_hash = decode(u.hash, 'hex')) AS kept
     FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS u(type, hash, n) ORDER BY u.n`,
    [
      feed.unit,
      feed.source,
      feed.object,
      asked.map(({ type }) => type),
      asked.map(({ record }) => toRecordHash(toRecordText(record))),
    ],
  );
  return rows.map(({ kept }) => kept);
}

function toNatives(unit: UnitPlan, run: Run, type: string | null, record: SourceRecord): Compared['natives'] {
  return [...unit.types.values()]
    .filter(({ type: { name } }) => type === null || type === name)
    .flatMap((plan) =>
      toFormsOfFeed(plan.type, run.lease.feed).map((form) => ({
        type: plan.type.name,
        native: JSON.stringify(toNative(plan.type, form, record)),
      })),
    );
}
