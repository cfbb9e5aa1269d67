// Asks a stitched graph as the server does, for the tests of this folder: validate, execute, read the answer as JSON.
import { type ExecutionResult, execute, parse, validate } from 'graphql';
import type { Subschema } from '../subschema/contract.ts';
import { toContext } from './hand-made.check.ts';
import { type StitchOptions, toStitchedSchema } from './stitched-schema.ts';

/** `places`: path (joined by dots) and code of every error. */
export async function ask(subschemas: readonly Subschema[], query: string, options: StitchOptions = {}) {
  const { schema, executable } = toStitchedSchema(subschemas, options);
  const document = parse(query);
  for (const fault of validate(schema, document)) throw fault;
  const contextValue = toContext();
  const result = await execute({ schema: executable, document, contextValue });
  const { data, errors = [] } = JSON.parse(JSON.stringify(result)) as ExecutionResult;
  const places = errors.map(({ path, extensions }) => [path?.join('.'), extensions?.code]);
  return { data, errors, places, sources: contextValue.sources };
}
