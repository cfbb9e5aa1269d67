// The text of a query: the root field with its arguments and what is selected of it (GraphQL October 2021, §2). Pure.
import type { Filled } from '../../kit/web/slots.ts';
import type { Selection } from './selection.ts';
import type { GraphqlRequest } from './words.ts';

type Values = { readonly [name: string]: Filled };
/** An argument's type by its name, as the language writes it (`[ID!]!`). */
export type ArgumentTypes = ReadonlyMap<string, string>;
export type Document = { readonly query: string; readonly variables: Values };

/** Arguments are variables where their types are known; else they stand in the text as literals. */
export function toDocument(
  { root }: Pick<GraphqlRequest, 'root'>,
  args: Values,
  types: ArgumentTypes | null,
  selection: Selection,
): Document {
  const declared: string[] = [];
  const variables: Record<string, Filled> = {};
  const given = Object.entries(args).map(([name, value]) => {
    const type = types?.get(name);
    if (type === undefined) return `${name}: ${toLiteral(value)}`;
    declared.push(`$${name}: ${type}`);
    variables[name] = value;
    return `${name}: $${name}`;
  });
  const head = declared.length === 0 ? 'query' : `query (${declared.join(', ')})`;
  const call = given.length === 0 ? root : `${root}(${given.join(', ')})`;
  return { query: `${head} { ${call}${toText(selection)} }`, variables };
}

function toText({ fields }: Selection): string {
  if (fields.size === 0) return '';
  return ` { ${[...fields].map(([name, inner]) => name + toText(inner)).join(' ')} }`;
}

function toLiteral(value: Filled): string {
  if (Array.isArray(value)) return `[${value.map(toLiteral).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([name, inner]) => `${name}: ${toLiteral(inner)}`)
      .join(', ')}}`;
  // A text of JSON is one of GraphQL too.
  return JSON.stringify(value);
}
