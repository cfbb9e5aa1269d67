// The total order in which an object is read, and the condition "behind this position" of keyset paging.
import { HubError } from '../../../schema/errors.ts';
import type { ColumnShape, SelectRequest } from '../../kit/contract.ts';
import { findColumn } from './catalogue.ts';
import type { Table } from './catalogue-rows.ts';
import type { Speech } from './filter.ts';
import { type Bind, type Fragment, join, toFragment } from './fragment.ts';

/** One step of the order. `sql` is what is ordered and compared, `select` what shows a row's position in it. */
export type Term = {
  readonly column: ColumnShape;
  readonly exact: boolean;
  readonly sql: string;
  readonly select: string;
};

/** `total`: no two rows stand at one position. Otherwise rows at one position are wholly equal in what was asked for. */
export type Order = { readonly terms: readonly Term[]; readonly total: boolean };

/** The asked order, then the declared key; without one `keyHint`, then every other column that was asked for. */
export function planOrder(table: Table, request: SelectRequest, speech: Speech): Order {
  const find = (name: string) => findColumn(table, name, speech.place);
  const asked = (request.order ?? []).map(find);
  if (table.key.length > 0) {
    const terms = toTerms([...asked, ...table.key.map(find)], false, speech);
    return { terms, total: true };
  }
  const named = [...asked, ...(request.keyHint ?? []).map(find)];
  const others = (
    request.columns.length === 0 ? table.columns : request.columns.map((name) => find(name))
  ).filter((column) => !['json', 'bytes', 'other'].includes(column.kind));
  const terms = [
    ...toTerms(named, false, speech),
    // A collation may hold different texts equal: their bytes decide.
    ...toTerms(named, true, speech),
    ...toTerms(
      others.filter((column) => !named.includes(column)),
      false,
      speech,
    ),
    ...toTerms(
      others.filter((column) => !named.includes(column)),
      true,
      speech,
    ),
  ];
  if (terms.length > 0) return { terms, total: false };
  throw new HubError(
    'HUB_SOURCE_SHAPE',
    `${speech.place.unit}.${speech.place.source}: "${table.name}" declares no key and has no column to order by`,
    { place: { ...speech.place, object: table.name } },
  );
}

function toTerms(columns: readonly ColumnShape[], exact: boolean, speech: Speech): Term[] {
  const { dialect } = speech;
  return [...new Set(columns)].flatMap((column) => {
    if (column.kind === 'json')
      throw new HubError(
        'HUB_SOURCE_SHAPE',
        `"${column.name}" holds ${column.native} and cannot be ordered by`,
      );
    const name = speech.quote(column.name);
    const compared = dialect.compare(column, name);
    const select = compared === name ? dialect.read(column, name) : compared;
    const sql = exact ? dialect.exact(column, compared) : compared;
    return sql === null ? [] : [{ column, exact, sql, select }];
  });
}

/** Rows behind the position in `order`; with `including`, those at it too. Values are in the order of the terms. */
export function toBehind(
  order: Order,
  values: readonly (Bind | null)[],
  including: boolean,
  speech: Speech,
): Fragment {
  const steps = order.terms.map((term, index) => toStep(term, values[index] ?? null, speech));
  return (
    steps.reduceRight<Fragment | null>((rest, step, index) => {
      const tail = rest === null ? (including ? step.same : null) : join([step.same, rest], ' and ');
      const behind = tail === null ? step.after : join([step.after, tail], ' or ');
      // Says nothing new, but lets the database enter its index at the first term.
      return index === 0 && step.from !== null ? join([step.from, behind], ' and ') : behind;
    }, null) ?? toFragment('1 = 1')
  );
}

type Step = { readonly after: Fragment; readonly same: Fragment; readonly from: Fragment | null };

function toStep(term: Term, value: Bind | null, speech: Speech): Step {
  const { sql, column } = term;
  const first = speech.dialect.nulls === 'first';
  if (value === null) {
    return {
      after: toFragment(first ? `${sql} is not null` : '1 = 0'),
      same: toFragment(`${sql} is null`),
      from: null,
    };
  }
  const bind = toTermBind(term, value, speech);
  const compare = (sign: string): Fragment => ({ sql: `${sql} ${sign} ${bind.sql}`, binds: bind.binds });
  const open = column.nullable && !first;
  return {
    after: open ? join([compare('>'), toFragment(`${sql} is null`)], ' or ') : compare('>'),
    same: compare('='),
    from: open ? null : compare('>='),
  };
}

function toTermBind(term: Term, value: Bind, speech: Speech): Fragment {
  const bind = speech.dialect.bind(term.column, value);
  if (bind === null)
    throw new HubError(
      'HUB_SOURCE_CURSOR',
      `the cursor's value for "${term.column.name}" does not fit the column any more`,
    );
  if (!term.exact) return bind;
  return { sql: speech.dialect.exact(term.column, bind.sql) ?? bind.sql, binds: bind.binds };
}
