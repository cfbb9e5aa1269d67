// The changes of a type, one after the other: planned from where the client stands. A place among them is a version of the type
// and a key. Versions are given under the type's lock and seen in their order, so nothing can appear behind such a place.
import { GraphQLError } from 'graphql';
import type { CatalogType } from '../catalog.ts';
import { toCursorOf } from '../cursor.ts';
import { toFault } from '../fault.ts';
import { toPage } from '../paging.ts';
import type { ChangeNode, ChangesNode, RootPlan } from '../plan.ts';
import { planRow } from '../plan-row.ts';
import { toLeaf } from '../plan-stub.ts';
import type { Planning } from '../planning.ts';
import { takeRows } from '../row-budget.ts';
import type { Selected } from '../selection.ts';

/** The list that these cursors belong to. */
export const CHANGES = 'changes';

/** A GraphQLError (HUB_QUERY_LIMIT, HUB_QUERY_CURSOR) for a question that cannot be answered. */
export function planChanges(
  type: CatalogType,
  asked: Selected,
  planning: Planning,
): Extract<RootPlan, { kind: 'changes' }> | GraphQLError {
  const { since, first } = asked.args;
  const of = toCursorOf(type, CHANGES, '');
  const page = toPage({ first, after: since }, of, planning.cursorKey);
  if (page instanceof GraphQLError) return toNamed(page, type);
  const excess = takeRows(planning.budget, asked, page.limit, planning.catalog);
  if (excess !== null) return excess;
  const { after, limit } = page;
  planning.reads.set(asked, [type.type.name]);
  planning.types.add(type.type.name);
  planning.parents = limit;
  planning.values.set('limit', limit);
  if (after !== null) {
    planning.values.set('version', after[0]);
    planning.values.set('key', after[1]);
    planning.values.set('since', since);
  }
  const from = after !== null ? 'cursor' : limit === 0 ? 'end' : 'beginning';
  const fields = asked.fields.map((field) => planChangesField(type, field, planning));
  return { kind: 'changes', type: type.type.name, from, fields };
}

// The paging speaks of "after", and of the lists that have it.
function toNamed(fault: GraphQLError, { type }: CatalogType): GraphQLError {
  if (fault.extensions.code !== 'HUB_QUERY_CURSOR') return fault;
  return toFault(
    'HUB_QUERY_CURSOR',
    `Argument "since" is no place in the changes of ${type.name}: take it from "next", unchanged.`,
  );
}

function planChangesField(type: CatalogType, asked: Selected, planning: Planning): ChangesNode {
  if (asked.name !== 'nodes') return toLeaf(asked);
  const fields = asked.fields.map((field): ChangeNode => {
    if (field.name !== 'row') return toLeaf(field);
    return { kind: 'row', key: field.key, fields: planRow(type, field.fields, planning) };
  });
  return { kind: 'nodes', key: asked.key, fields };
}
