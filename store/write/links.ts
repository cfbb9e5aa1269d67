// Before a type's rows are staged: links that only the store can resolve are looked up, keys that waited for them are
// completed, and rows whose target has to be there and is not are held back. Two statements a link at most, whatever the
// number of rows; none for targets of the unit's own that are known to be there.
import type pg from 'pg';
import type { Link, UnitType } from '../../connectors/kit/manifest/model.ts';
import { toKeyPart } from '../../connectors/kit/mapping/keys.ts';
import type { MappedRow } from '../../connectors/kit/mapping/outcome.ts';
import { toKey } from '../../schema/identity.ts';
import { OWN, toFieldColumns, toLinkColumnName, toTableName } from '../columns.ts';
import { quoteIdentifier, quoteLiteral } from '../sql-identifiers.ts';
import type { Targets } from './known-targets.ts';
import type { TypePlan, UnitPlan } from './unit-plan.ts';

/** A row of the page with its links' keys; `index` is its place among the page's rows. */
export type ReadyRow = {
  readonly index: number;
  readonly row: MappedRow;
  readonly key: string;
  readonly links: ReadonlyMap<string, string | null>;
};

/** A row that does not land: a link's target is missing, or a part of its key is. */
export type HeldRow = {
  readonly index: number;
  readonly row: MappedRow;
  readonly state: 'WAITING' | 'SET_ASIDE';
  readonly code: 'HUB_MAP_LINK_MISSING' | 'HUB_MAP_KEY_EMPTY';
  readonly field: string | null;
  readonly message: string;
  /** The type that has to change before it is worth trying again, and how far it had come. */
  readonly wait: { readonly unit: string; readonly type: string; readonly version: string } | null;
};

export type Resolved = { readonly ready: readonly ReadyRow[]; readonly held: readonly HeldRow[] };

type Candidate = {
  readonly index: number;
  readonly row: MappedRow;
  readonly links: Map<string, string | null>;
  held: HeldRow | null;
};

export async function resolveLinks(
  client: pg.PoolClient,
  unit: UnitPlan,
  plan: TypePlan,
  rows: readonly { readonly index: number; readonly row: MappedRow }[],
  targets: Targets,
): Promise<Resolved> {
  const toKeys = compileKeys();
  const candidates = rows.map(
    ({ index, row }): Candidate => ({ index, row, links: toKeys(row.links), held: null }),
  );
  for (const link of plan.type.links) {
    if (link.to === null) continue;
    await lookUp(client, unit, link, candidates);
    if (link.onMissing !== 'keep') await holdMissing({ client, unit, plan, targets }, link, candidates);
  }
  const [ready, held]: [ReadyRow[], HeldRow[]] = [[], []];
  for (const candidate of candidates) {
    const item = toFinished(plan.type, candidate);
    if ('state' in item) held.push(item);
    else ready.push(item);
  }
  return { ready, held };
}

// Rows that link to one thing may come with one list of links, and share what is made of it; what is looked up is filled in
// for each row by itself.
function compileKeys(): (links: MappedRow['links']) => Map<string, string | null> {
  const known = new Map<MappedRow['links'], Map<string, string | null>>();
  return (links) => {
    const keys = known.get(links) ?? new Map(links.map(({ link, key }) => [link, key]));
    if (links.every(({ lookup }) => lookup === null)) known.set(links, keys);
    return keys;
  };
}

// Fills links that name their target by a `unique` of it. Two living targets under one value are no answer.
async function lookUp(
  client: pg.PoolClient,
  unit: UnitPlan,
  link: Link,
  candidates: readonly Candidate[],
): Promise<void> {
  const groups = new Map<string, { fields: readonly string[]; values: Map<string, readonly string[]> }>();
  const asked: { candidate: Candidate; lookup: NonNullable<MappedRow['links'][number]['lookup']> }[] = [];
  for (const candidate of candidates) {
    const lookup = candidate.row.links.find((one) => one.link === link.name)?.lookup ?? null;
    if (lookup !== null) asked.push({ candidate, lookup });
  }
  for (const { lookup } of asked) {
    const group = groups.get(lookup.fields.join()) ?? { fields: lookup.fields, values: new Map() };
    group.values.set(JSON.stringify(lookup.values), lookup.values);
    groups.set(lookup.fields.join(), group);
  }
  const target = unit.types.get(link.to?.type ?? '');
  if (target === undefined || link.to?.unit !== unit.unit.unit) return;
  for (const { fields, values } of groups.values()) {
    const found = await findByUnique(client, target, fields, [...values.values()]);
    for (const { candidate, lookup } of asked) {
      const key =
        lookup.fields.join() === fields.join() ? found.get(JSON.stringify(lookup.values)) : undefined;
      if (key !== undefined) candidate.links.set(link.name, key);
    }
  }
}

async function findByUnique(
  client: pg.PoolClient,
  target: TypePlan,
  fields: readonly string[],
  values: readonly (readonly string[])[],
): Promise<ReadonlyMap<string, string>> {
  const columns = fields.map((field) => toUniqueColumn(target.type, field));
  const names = columns.map((_column, index) => `v${index}`);
  // Typed by the column, so that its index serves.
  const arrays = columns.map((column, index) => `$${index + 1}::${column.sqlType}[]`);
  const joins = columns.map((column, index) => `t.${quoteIdentifier(column.column)} = u.v${index}`);
  const { rows } = await client.query<{ n: string; live: string[] | null; gone: string[] | null }>(
    `SELECT u.n, array_agg(t._key) FILTER (WHERE t._gone_at IS NULL) AS live,
       array_agg(t._key) FILTER (WHERE t._gone_at IS NOT NULL) AS gone
     FROM unnest(${arrays.join(', ')}) WITH ORDINALITY AS u(${[...names, 'n'].join(', ')})
     JOIN ${target.table} t ON ${joins.join(' AND ')} GROUP BY u.n`,
    columns.map((_column, index) => values.map((value) => value[index] ?? null)),
  );
  const found = new Map<string, string>();
  for (const { n, live, gone } of rows) {
    const keys = live ?? gone ?? [];
    const [key] = keys;
    if (keys.length === 1 && key !== undefined) found.set(JSON.stringify(values[Number(n) - 1]), key);
  }
  return found;
}

function toUniqueColumn(type: UnitType, part: string): { readonly column: string; readonly sqlType: string } {
  const field = type.fields.find((candidate) => candidate.name === part);
  const [column] = field === undefined ? [] : toFieldColumns(field);
  return column ?? { column: toLinkColumnName(part), sqlType: 'text' };
}

// A deleted row does not wait: what it would be linked to no longer matters.
async function holdMissing(
  page: {
    readonly client: pg.PoolClient;
    readonly unit: UnitPlan;
    readonly plan: TypePlan;
    readonly targets: Targets;
  },
  link: Link,
  candidates: readonly Candidate[],
): Promise<void> {
  const { client, unit, plan, targets } = page;
  const asking = candidates.filter(
    (candidate) => !candidate.row.deleted && candidate.held === null && wantsTarget(candidate, link.name),
  );
  if (asking.length === 0 || link.to === null) return;
  const keys = new Set<string>();
  for (const { links } of asking) {
    const key = links.get(link.name) ?? null;
    if (key !== null) keys.add(key);
  }
  const { present, version } = await findTargets({ client, unit, targets }, link.to, [...keys]);
  const isSelf = link.to.unit === plan.unit && link.to.type === plan.type.name;
  const { unit: targetUnit, type } = link.to;
  const hold = (candidate: Candidate): void => {
    const verb = link.onMissing === 'wait' ? 'the row waits for it' : 'the row is set aside';
    candidate.held = {
      index: candidate.index,
      row: candidate.row,
      state: link.onMissing === 'wait' ? 'WAITING' : 'SET_ASIDE',
      code: 'HUB_MAP_LINK_MISSING',
      field: link.name,
      message: `the ${type} that ${link.name} names has not arrived; ${verb}`,
      wait: link.onMissing === 'wait' ? { unit: targetUnit, type, version } : null,
    };
  };
  // A tree in one table: rows of this page count as there, until one of them is held back itself.
  for (let changed = true; changed; ) {
    const inPage = isSelf
      ? new Set(candidates.flatMap(({ held, row }) => (held === null && row.key !== null ? [row.key] : [])))
      : new Set<string>();
    const missing = asking.filter(({ links, held }) => {
      const key = links.get(link.name) ?? null;
      return held === null && (key === null || !(present.has(key) || inPage.has(key)));
    });
    for (const candidate of missing) hold(candidate);
    changed = isSelf && missing.length > 0;
  }
}

function wantsTarget(candidate: Candidate, link: string): boolean {
  const mapped = candidate.row.links.find((one) => one.link === link);
  return mapped !== undefined && (mapped.key !== null || mapped.lookup !== null);
}

/** `version` counts only where a key is missing. */
async function findTargets(
  page: { readonly client: pg.PoolClient; readonly unit: UnitPlan; readonly targets: Targets },
  to: { readonly unit: string; readonly type: string },
  keys: readonly string[],
): Promise<{ readonly present: ReadonlySet<string>; readonly version: string }> {
  const { client, unit, targets } = page;
  const plan = to.unit === unit.unit.unit ? unit.types.get(to.type) : undefined;
  if (plan === undefined) return findKeys(client, unit, to, keys);
  const unknown = keys.filter((key) => !targets.known.has(plan, key));
  if (unknown.length === 0) return { present: new Set(keys), version: '0' };
  const { present, version } = await findKeys(client, unit, to, unknown);
  const found = targets.found.get(plan) ?? new Set();
  targets.found.set(plan, found);
  for (const key of present) found.add(key);
  const missing = new Set(unknown.filter((key) => !present.has(key)));
  return { present: new Set(keys.filter((key) => !missing.has(key))), version };
}

async function findKeys(
  client: pg.PoolClient,
  unit: UnitPlan,
  to: { readonly unit: string; readonly type: string },
  keys: readonly string[],
): Promise<{ readonly present: ReadonlySet<string>; readonly version: string }> {
  const table = toTableName(to.unit, to.type);
  if (to.unit !== unit.unit.unit && !(await hasTable(client, table)))
    return { present: new Set(), version: '0' };
  const { rows } = await client.query<{ present: string[]; version: string | null }>(
    `SELECT ARRAY(SELECT k FROM unnest($1::text[]) AS k WHERE EXISTS (SELECT FROM ${table} t WHERE t.${OWN.key} = k)) AS present,
       (SELECT version FROM hub.type_state WHERE unit = $2 AND type = $3) AS version`,
    [keys, to.unit, to.type],
  );
  return { present: new Set(rows[0]?.present ?? []), version: rows[0]?.version ?? '0' };
}

// A target in a unit that this store does not have yet.
async function hasTable(client: pg.PoolClient, table: string): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass(${quoteLiteral(table)}) IS NOT NULL AS there`,
  );
  return rows[0]?.there === true;
}

function toFinished(type: UnitType, candidate: Candidate): ReadyRow | HeldRow {
  const { index, row, links } = candidate;
  if (candidate.held !== null) return candidate.held;
  const key = row.key ?? toLateKey(type, row, links);
  if (key !== null) return { index, row, key, links };
  return {
    index,
    row,
    state: 'SET_ASIDE',
    code: 'HUB_MAP_KEY_EMPTY',
    field: null,
    message: `a part of the key [${type.key.join(', ')}] is empty`,
    wait: null,
  };
}

// A link's part of a key is its target's whole key, which is encoded already.
function toLateKey(type: UnitType, row: MappedRow, links: ReadonlyMap<string, string | null>): string | null {
  const parts = type.key.map((part) => {
    if (type.links.some((link) => link.name === part)) return links.get(part) ?? null;
    const kind = type.fields.find((field) => field.name === part)?.graphql.name;
    const text = toKeyPart(row.values[part], kind ?? '');
    return text === null ? null : toKey([text]);
  });
  return parts.some((part) => part === null) ? null : parts.join('~');
}
