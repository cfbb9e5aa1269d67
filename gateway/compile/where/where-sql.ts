// Conditions on rows in SQL.
import { type SqlType, toSqlType } from '../../../store/columns.ts';
import type { CatalogType } from '../catalog.ts';
import { toInDivision } from '../division-sql.ts';
import type { Draft } from '../draft.ts';
import { toFieldColumn } from '../row-columns.ts';
import { toPlaceSql } from './area-sql.ts';
import { toLinkedRows } from './linked-rows.ts';
import { toLogicSql } from './logic.ts';
import { toRowOf } from './plan-where.ts';
import type { WhereNode } from './where-node.ts';

/** The condition on the row of `type` that stands under `alias`. */
export function toWhereSql(type: CatalogType, node: WhereNode, alias: string, draft: Draft): string {
  const below = (of: WhereNode): string => toWhereSql(type, of, alias, draft);
  switch (node.kind) {
    case 'never':
      return 'false';
    case 'all':
    case 'any':
    case 'not':
      return toLogicSql(node, below);
    case 'isNull':
      return `${toFieldColumn(alias, node.field)} is ${node.yes ? '' : 'not '}null`;
    case 'id':
      return toIdCondition(node, alias, draft);
    case 'compare':
      return toComparison(type, node, alias, draft);
    case 'row':
    case 'some':
    case 'none':
      return toRowCondition(type, node, alias, draft);
    case 'division':
      return toInDivision(
        type,
        alias,
        draft.bind(`${node.slot}.lo`, 'text'),
        draft.bind(`${node.slot}.hi`, 'text'),
        draft,
      );
    case 'near':
    case 'polygon':
      return toPlaceSql(type, node, alias, draft);
  }
}

type Node<Kind extends WhereNode['kind']> = Extract<WhereNode, { kind: Kind }>;

function toIdCondition({ operator, slot }: Node<'id'>, alias: string, draft: Draft): string {
  const key = `${alias}._key`;
  if (operator === 'in') return `${key} = any(${draft.bind(slot, 'text[]')})`;
  return `${key} ${operator === 'eq' ? '=' : '<>'} ${draft.bind(slot, 'text')}`;
}

const COMPARISONS = { eq: '=', ne: 'is distinct from', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function toComparison(type: CatalogType, node: Node<'compare'>, alias: string, draft: Draft): string {
  const field = type.type.fields.find((one) => one.name === node.field);
  const stored = field === undefined ? 'text' : toSqlType(field);
  const sqlType = stored === 'text[]' || stored === 'point' ? 'text' : stored;
  return toOperatorSql(node, toComparedColumn(type, node.field, alias), sqlType, draft);
}

/** When a reading or an event was is kept twice: the months and the indexes of its table are by the hub's own column. */
function toComparedColumn({ type }: CatalogType, field: string, alias: string): string {
  const isTime = type.role !== 'thing' && type.merge === 'row' && type.time === field;
  return isTime ? `${alias}._observed_at` : toFieldColumn(alias, field);
}

/** What one operator asks of a value; `sqlType` is that of one operand. */
export function toOperatorSql(
  { operator, slots }: Node<'compare'>,
  column: string,
  sqlType: SqlType,
  draft: Draft,
): string {
  const [first = '', second = ''] = slots.map((slot) =>
    operator === 'in' ? draft.bind(slot, `${sqlType}[]`) : draft.bind(slot, sqlType),
  );
  // Text in the order of its bytes, whatever the database's locale.
  const ordered = sqlType === 'text' ? `${column} collate "C"` : column;
  switch (operator) {
    case 'in':
      return `${column} = any(${first})`;
    case 'between':
      return `${ordered} between ${first} and ${second}`;
    case 'contains':
      return `position(${first} in ${column}) > 0`;
    case 'startsWith':
      return `starts_with(${column}, ${first})`;
    case 'has':
      return `${first} = any(${column})`;
    case 'eq':
    case 'ne':
      return `${column} ${COMPARISONS[operator]} ${first}`;
    default:
      return `${ordered} ${COMPARISONS[operator]} ${first}`;
  }
}

function toRowCondition(
  type: CatalogType,
  node: Node<'row' | 'some' | 'none'>,
  alias: string,
  draft: Draft,
): string {
  const field = type.fields.get(node.field);
  const to = field === undefined ? null : toRowOf(field);
  if (field === undefined || to === null) return 'false';
  const row = draft.alias();
  const condition = toWhereSql(to, node.of, row, draft);
  const exists = `exists (select 1 from ${toLinkedRows(field, to, alias, row, draft)} where ${condition})`;
  return node.kind === 'none' ? `not ${exists}` : exists;
}
