// One page of select() and scan(): planned purely, asked with one statement, one row more than wanted to see the end.
import type { Knex } from 'knex';
import { HubError } from '../../../schema/errors.ts';
import type { Page, RawValue, SelectRequest } from '../../kit/contract.ts';
import type { Table } from './catalogue-rows.ts';
import { type Position, parseCursor, toCursor, toFingerprint } from './cursor.ts';
import { DIGEST, toDigestSql, toWhole } from './digest.ts';
import { planFilter, type Speech } from './filter.ts';
import { type Bind, join } from './fragment.ts';
import { planOrder, toBehind } from './order.ts';
import { planSelection, toTableName } from './selection.ts';

export type PagePlan = {
  readonly query: Knex.QueryBuilder;
  toPage(rows: readonly Aliased[]): Page;
};
type Aliased = { readonly [alias: string]: unknown };

/** The statement for a page, and the step from its rows to the page. `most` is the source's own page length. */
export function planPage(
  table: Table,
  request: SelectRequest,
  speech: Speech,
  db: Knex,
  most: number,
): PagePlan {
  const limit = Math.min(toLimit(request.limit), most);
  const order = planOrder(table, request, speech);
  const { where, unpushed } = planFilter(table, request.filter ?? [], speech);
  const fingerprint = toFingerprint(speech.place, table, order, request.filter ?? []);
  const start = request.after === undefined ? null : parseCursor(request.after, fingerprint, speech.place);
  const behind = start === null ? [] : [toBehind(order, start.values, !order.total, speech)];
  const condition = join([where, ...behind], ' and ');
  const selection = planSelection(table, request.columns, order.terms, speech);
  const digest = request.digest === true ? toDigestSql(table, request.columns, speech) : null;
  const alias = speech.quote(DIGEST);
  const skipped = order.total ? 0 : (start?.seen ?? 0);
  const query = db
    .select(
      [...selection.list, ...(digest === null ? [] : [`${digest} as ${alias}`])].map((item) => db.raw(item)),
    )
    .from(db.raw(toTableName(table, speech.quote)))
    .whereRaw(condition.sql, [...condition.binds])
    .orderByRaw(order.terms.map((term) => term.sql).join(', '))
    .limit(limit + skipped + 1);
  return {
    query,
    toPage: (rows) => {
      const toValues = (row: Aliased) => selection.toExtras(row).map(toPositionValue);
      // In a total order no two rows stand at one position: only the last one's is asked for.
      const places = order.total ? [] : rows.map((row) => ({ values: toValues(row) }));
      const from = countAt(start, places, skipped);
      const kept = rows.slice(from, from + limit);
      const end = kept.at(-1);
      const seen = order.total ? 0 : countSeen(places.slice(from, from + limit), start);
      return {
        records: kept.map(selection.toRecord),
        cursor:
          end === undefined
            ? (request.after ?? null)
            : toCursor(fingerprint, { values: toValues(end), seen }),
        last: rows.length - from <= limit,
        unpushed,
        ...(digest === null ? {} : { digests: kept.map((row) => toWhole(row[DIGEST])) }),
      };
    },
  };
}

type Placed = { readonly values: readonly (Bind | null)[] };

/** How many of the first rows stand where the last page ended and were read then. */
function countAt(start: Position | null, rows: readonly Placed[], most: number): number {
  if (start === null) return 0;
  const at = JSON.stringify(start.values);
  const other = rows.findIndex((row) => JSON.stringify(row.values) !== at);
  return Math.min(most, other < 0 ? rows.length : other);
}

/** How many rows at the page's last position have been read, earlier pages included. */
function countSeen(rows: readonly Placed[], start: Position | null): number {
  const at = JSON.stringify(rows.at(-1)?.values);
  const other = rows.findLastIndex((row) => JSON.stringify(row.values) !== at);
  const before = other < 0 && start !== null && JSON.stringify(start.values) === at ? start.seen : 0;
  return rows.length - 1 - other + before;
}

/** As it was read: also what no literal could say (infinity, MySQL's zero date). */
function toPositionValue(value: RawValue): Bind | null {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'object' && value !== null)
    throw new HubError('HUB_INTERNAL', 'a list or an object stands in the order of a page');
  return value;
}

function toLimit(limit: number): number {
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new HubError('HUB_INTERNAL', `limit must be a positive whole number, but got: ${limit}`);
}
