// From global ids to stubs: all ids that an operation asks for in one turn are looked for with one statement over the units'
// own tables. Merging fills the stubs in.
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import type { HubError } from '../../schema/errors.ts';
import { type EntityId, parseId } from '../../schema/identity.ts';
import { isSoundText } from '../../store/write/copy-text.ts';
import { type KeysOfType, type LivingRow, toLivingStatement } from '../compile/living-sql.ts';
import type { OperationContext } from './contract.ts';
import type { HubRead } from './hub-part.ts';
import { isLoaded, toNotLoaded } from './not-loaded.ts';

export type Stub = { readonly __typename: string; readonly id: string };

/**
 * The stub of an id; null where it is malformed, of no type of these units, or of no living row; the coded error where
 * nothing of its type has arrived yet. Rejects when the store does not answer.
 */
export type FindEntity = (id: string, context: OperationContext) => Promise<Stub | HubError | null>;

type Found = ReadonlyMap<string, { readonly state: LivingRow; readonly living: ReadonlySet<string> }>;
type Turn = { readonly ids: EntityId[]; readonly found: Promise<Found> };

export function toEntityLookup(units: readonly Unit[], read: HubRead): FindEntity {
  const known = new Set(units.flatMap(({ unit, types }) => types.map(({ name }) => `${unit}:${name}`)));
  const turns = new WeakMap<OperationContext, Turn>();
  const join = (id: EntityId, context: OperationContext): Promise<Found> => {
    const open = turns.get(context);
    if (open !== undefined) {
      open.ids.push(id);
      return open.found;
    }
    const ids = [id];
    // graphql-js begins all root fields before any promise goes on: by then the list is whole.
    const found = Promise.resolve().then(() => {
      turns.delete(context);
      return runLookup(ids, read, context);
    });
    turns.set(context, { ids, found });
    return found;
  };
  return async (text, context) => {
    const id = parseId(text);
    // PostgreSQL would refuse text that no column can hold.
    if (id === null || !known.has(`${id.unit}:${id.type}`) || !isSoundText(id.key)) return null;
    const found = (await join(id, context)).get(`${id.unit}:${id.type}`);
    if (!isLoaded(found?.state)) return toNotLoaded(id.unit, id.type, found?.state);
    return found?.living.has(id.key) ? { __typename: id.type, id: text } : null;
  };
}

async function runLookup(ids: readonly EntityId[], read: HubRead, context: OperationContext): Promise<Found> {
  const rows = await read<LivingRow>(toLivingStatement(toKeysOfTypes(ids)), context);
  return new Map(
    rows.map((state) => [`${state.unit}:${state.type}`, { state, living: new Set(state.keys) }]),
  );
}

// In one order, whatever the client's: so that the same types are the same statement.
function toKeysOfTypes(ids: readonly EntityId[]): readonly KeysOfType[] {
  const byType = new Map<string, { unit: string; type: string; keys: Set<string> }>();
  for (const { unit, type, key } of ids) {
    const name = `${unit}:${type}`;
    const group = byType.get(name) ?? { unit, type, keys: new Set() };
    byType.set(name, group);
    group.keys.add(key);
  }
  const names = [...byType.keys()].sort();
  return names.flatMap((name) => {
    const group = byType.get(name);
    return group === undefined ? [] : [{ ...group, keys: [...group.keys] }];
  });
}
