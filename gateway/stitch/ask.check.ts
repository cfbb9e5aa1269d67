// Asks a stitched graph as the server does, for the tests of this folder: validate, execute, read the answer as JSON.
import { type ExecutionResult, parse, validate } from 'graphql';
import type { Subschema } from '../subschema/contract.ts';
import { toContext } from './hand-made.check.ts';
import { runOperation } from './run-operation.ts';
import { type StitchOptions, toStitchedSchema } from './stitched-schema.ts';

/** `places`: path (joined by dots) and code of every error. */
export async function ask(
  subschemas: readonly Subschema[],
  query: string,
  options: StitchOptions & { readonly variables?: Readonly<Record<string, unknown>> } = {},
) {
  const stitched = toStitchedSchema(subschemas, options);
  const document = parse(query);
  for (const fault of validate(stitched.schema, document)) throw fault;
  const context = toContext();
  const result = await runOperation(stitched, { document, variables: options.variables ?? {}, context });
  const { data, errors = [] } = JSON.parse(JSON.stringify(result)) as ExecutionResult;
  const places = errors.map(({ path, extensions }) => [path?.join('.'), extensions?.code]);
  return { data, errors, places, sources: context.sources };
}
