// What differs between the lock and the manifest (M094): an addition is harmless to clients, anything else may break them.
import { type DefinitionNode, Kind, parse, print } from 'graphql';

export type LockState = 'same' | 'additive' | 'breaking' | 'unreadable';

/** Compares the committed schema.graphql with what the manifest yields now. */
export function toLockState(committed: string, derived: string): LockState {
  if (committed.replaceAll('\r\n', '\n') === derived) return 'same';
  const [before, now] = [toParts(committed), toParts(derived)];
  if (before === null || now === null) return 'unreadable';
  return [...before].every((part) => now.has(part)) ? 'additive' : 'breaking';
}

/** Everything that a client can rely on, a line each: types with what they implement, fields with type and directives, values. */
function toParts(sdl: string): ReadonlySet<string> | null {
  try {
    return new Set(parse(sdl, { noLocation: true }).definitions.flatMap(toDefinitionParts));
  } catch {
    return null;
  }
}

function toDefinitionParts(node: DefinitionNode): string[] {
  if (node.kind === Kind.ENUM_TYPE_DEFINITION)
    return [
      `enum ${node.name.value}`,
      ...(node.values ?? []).map((value) => `${node.name.value}.${value.name.value}`),
    ];
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return [print(node)];
  const head = [...(node.interfaces ?? []), ...(node.directives ?? [])].map((part) => print(part)).join(' ');
  const fields = (node.fields ?? []).map((field) => {
    const directives = (field.directives ?? []).map((directive) => print(directive)).join(' ');
    return `${node.name.value}.${field.name.value}: ${print(field.type)} ${directives}`;
  });
  return [`type ${node.name.value} ${head}`, ...fields];
}
