// Conditions of a request as one `where`: names quoted, values bound, and null treated as the contract says, which is
// not how SQL treats it (`ne` and `notIn` hold for null).
import { HubError } from '../../../schema/errors.ts';
import type { ColumnShape, Condition, Literal } from '../../kit/contract.ts';
import { findColumn } from './catalogue.ts';
import type { Table } from './catalogue-rows.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { SourcePlace } from './faults.ts';
import { type Fragment, join, toFragment, toList } from './fragment.ts';
import { toComparable } from './literal.ts';

/** What compiling a statement for one source needs to know of it. */
export type Speech = {
  readonly dialect: Dialect;
  readonly quote: (name: string) => string;
  readonly zone: string;
  readonly place: SourcePlace;
};

const COMPARISONS = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
/** Parameters kept free for the order's position and the limit. */
const RESERVE = 200;

/**
 * The conditions that fit into one statement of this dialect, and those that the caller must evaluate: `refused`, of which
 * the statement says nothing, and those by which it brings a few too many.
 */
export function planFilter(
  table: Table,
  conditions: readonly Condition[],
  speech: Speech,
): {
  readonly where: Fragment;
  readonly unpushed: readonly Condition[];
  readonly refused: readonly Condition[];
} {
  const parts: Fragment[] = [];
  const unpushed: Condition[] = [];
  const refused: Condition[] = [];
  let left = speech.dialect.maxParameters - RESERVE;
  for (const condition of conditions) {
    const column = findColumn(table, condition.column, speech.place);
    const part = toCondition(column, condition, speech);
    if (part === null || part.binds.length > left) {
      unpushed.push(condition);
      refused.push(condition);
      continue;
    }
    if (isWider(column, condition)) unpushed.push(condition);
    left -= part.binds.length;
    parts.push(part);
  }
  return { where: join(parts, ' and '), unpushed, refused };
}

/** Texts that keep the spaces somebody typed around them; CHAR is compared without its padding by the database. */
const SPACED = /^(?:n?varchar2?|character varying|(?:tiny|medium|long|ci|n)?text|n?clob)\b/i;

// A manifest compares texts without the spaces around them: a row must not be lost to a space. What is brought too many
// is handed back to be looked at again.
function isWider(column: ColumnShape, { op }: Condition): boolean {
  return (op === 'eq' || op === 'in') && column.kind === 'text' && SPACED.test(column.native);
}

/** null where the database cannot evaluate it on this column as the hub would: it must not keep back what the hub takes. */
function toCondition(column: ColumnShape, condition: Condition, speech: Speech): Fragment | null {
  const { dialect } = speech;
  const name = speech.quote(column.name);
  // An empty text is null to the hub, and a text compares with a number as a number.
  if (column.kind === 'text' && (condition.op === 'isNull' || !isAboutText(condition))) return null;
  if (condition.op === 'isNull') return toFragment(`${name} is null`);
  if (condition.op === 'notNull') return toFragment(`${name} is not null`);
  if (column.kind === 'json') return null;
  const sql = dialect.compare(column, name);
  const wider = isWider(column, condition);
  const bind = (literal: Literal) =>
    toBind(column, wider ? String(literal).replace(/^ +| +$/g, '') : literal, condition, speech);
  switch (condition.op) {
    case 'eq':
      return toOneOf(column, [bind(toLiteral(condition))], speech, wider);
    case 'in':
      return toOneOf(column, toLiterals(condition).map(bind), speech, wider);
    case 'ne':
      return toNone(sql, toOneOf(column, [bind(toLiteral(condition))], speech));
    case 'notIn':
      return toNone(sql, toOneOf(column, toLiterals(condition).map(bind), speech));
    case 'between': {
      const [low, high, ...more] = toLiterals(condition).map(bind);
      if (low === undefined || high === undefined || more.length > 0)
        throw misuse(condition, 'a list [low, high]');
      return {
        sql: `(${sql} >= ${low.sql} and ${sql} <= ${high.sql})`,
        binds: [...low.binds, ...high.binds],
      };
    }
    case 'startsWith':
      return toPrefix(column, sql, bind(toLiteral(condition)), dialect);
    default: {
      const value = bind(toLiteral(condition));
      return { sql: `${sql} ${COMPARISONS[condition.op]} ${value.sql}`, binds: value.binds };
    }
  }
}

/** The column equals one of the values, in the eyes of the hub too where a collation is more generous. */
function toOneOf(
  column: ColumnShape,
  values: readonly Fragment[],
  speech: Speech,
  trimmed = false,
): Fragment {
  const { dialect, quote } = speech;
  const whole = dialect.compare(column, quote(column.name));
  const sql = trimmed ? dialect.trim(whole) : whole;
  const exact = dialect.exact(column, sql);
  const lists: Fragment[] = [];
  for (let start = 0; start < values.length; start += dialect.maxList) {
    const list = values.slice(start, start + dialect.maxList);
    const loose = toMember(sql, list);
    const strict =
      exact === null
        ? []
        : [
            toMember(
              exact,
              list.map((value) => toExact(column, value, dialect)),
            ),
          ];
    lists.push(join([trimmed ? { ...loose, sql: dialect.common(loose.sql) } : loose, ...strict], ' and '));
  }
  return join(lists, ' or ', '1 = 0');
}

function isAboutText({ value }: Condition): boolean {
  return (Array.isArray(value) ? value : [value]).every(
    (one) => one === undefined || typeof one === 'string',
  );
}

function toMember(sql: string, values: readonly Fragment[]): Fragment {
  const [only] = values;
  if (values.length === 1 && only !== undefined) return { sql: `${sql} = ${only.sql}`, binds: only.binds };
  const list = toList(values);
  return { sql: `${sql} in ${list.sql}`, binds: list.binds };
}

function toExact(column: ColumnShape, value: Fragment, dialect: Dialect): Fragment {
  return { sql: dialect.exact(column, value.sql) ?? value.sql, binds: value.binds };
}

function toNone(sql: string, some: Fragment): Fragment {
  return { sql: `(not (${some.sql}) or ${sql} is null)`, binds: some.binds };
}

/** Only where the column takes a bare text: a prefix of a number or of padded text is the caller's to see. */
function toPrefix(column: ColumnShape, sql: string, value: Fragment, dialect: Dialect): Fragment | null {
  if (column.kind !== 'text' || value.sql !== '?') return null;
  const signs = new RegExp(`[!${dialect.likeSigns.replace('[', '\\[')}]`, 'g');
  const pattern = `${String(value.binds[0]).replace(signs, (sign) => `!${sign}`)}%`;
  const like = (left: string, right: string) => toFragment(`${left} like ${right} escape '!'`, pattern);
  const exact = dialect.exact(column, sql);
  const loose = like(sql, '?');
  return exact === null ? loose : join([loose, like(exact, dialect.exact(column, '?') ?? '?')], ' and ');
}

function toBind(column: ColumnShape, literal: Literal, condition: Condition, speech: Speech): Fragment {
  const comparable = toComparable(column.kind, literal, speech.zone);
  const bound = comparable === null ? null : speech.dialect.bind(column, comparable);
  if (bound !== null) return bound;
  const place = { ...speech.place, column: column.name };
  throw new HubError(
    'HUB_SOURCE_SHAPE',
    `${place.unit}.${place.source}: "${column.name}" holds ${column.native}; the value of its condition "${condition.op}" does not fit`,
    { place },
  );
}

function toLiteral(condition: Condition): Literal {
  const { value } = condition;
  if (value === undefined || typeof value === 'object') throw misuse(condition, 'one literal');
  return value;
}

function toLiterals(condition: Condition): readonly Literal[] {
  const { value } = condition;
  if (typeof value !== 'object') throw misuse(condition, 'a list');
  return value;
}

function misuse(condition: Condition, wanted: string): HubError {
  const got = Array.isArray(condition.value) ? 'a list' : typeof condition.value;
  return new HubError(
    'HUB_INTERNAL',
    `condition "${condition.op}" on "${condition.column}": value must be ${wanted}, but got: ${got}`,
  );
}
