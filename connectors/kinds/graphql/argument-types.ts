// What the arguments of the root fields are, as the service says itself: variables must be declared with their types. Asked
// once; a service whose introspection is off gets its arguments as literals.
import type { RawValue } from '../../kit/contract.ts';
import { isRecord } from '../../kit/mapping/columns.ts';
import type { Told } from '../../kit/web/contract.ts';
import { toStatusFault, type WebPlace } from '../../kit/web/faults.ts';
import { findAt, isList } from '../../kit/web/paths.ts';
import type { ArgumentTypes } from './write-document.ts';

/** By root field; null: the service does not say. */
export type RootFields = ReadonlyMap<string, ArgumentTypes> | null;

const TYPE = 'kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }';
export const ASK_ARGUMENTS = `query { __schema { queryType { fields { name args { name type { ${TYPE} } } } } } }`;

/** Throws what may pass (a pause, no rights); a refusal of the question itself is no fault. */
export function toRootFields(told: Told, place: WebPlace): RootFields {
  const { status } = told;
  const fault = toStatusFault(status, place);
  if (fault !== null && (status === 401 || status === 429 || status >= 500)) throw fault;
  const fields = findFields(told);
  if (fields === null) return null;
  return new Map(fields.map((field) => [toName(field), toArgumentTypes(field)]));
}

function findFields(told: Told): readonly RawValue[] | null {
  try {
    const fields = findAt(told.read().tree.value, 'data.__schema.queryType.fields');
    return isList(fields) ? fields : null;
  } catch {
    // Whatever stands in its way answers something else.
    return null;
  }
}

function toArgumentTypes(field: RawValue): ArgumentTypes {
  const args = isRecord(field) && isList(field.args) ? field.args : [];
  return new Map(
    args.flatMap((arg) => {
      const type = isRecord(arg) ? toTypeText(arg.type) : null;
      return type === null ? [] : [[toName(arg), type] as const];
    }),
  );
}

/** `[ID!]!` of nested kinds; null for one that is nested too deeply to be read. */
export function toTypeText(type: RawValue | undefined): string | null {
  if (!isRecord(type)) return null;
  if (type.kind !== 'NON_NULL' && type.kind !== 'LIST')
    return typeof type.name === 'string' && /^\w+$/.test(type.name) ? type.name : null;
  const inner = toTypeText(type.ofType);
  if (inner === null) return null;
  return type.kind === 'LIST' ? `[${inner}]` : `${inner}!`;
}

function toName(named: RawValue): string {
  return isRecord(named) && typeof named.name === 'string' ? named.name : '';
}
