// Runs one validated operation on the stitched graph: in the plain form that stitching understands, and answered with
// the client's own response keys.
import { type DocumentNode, type ExecutionResult, execute, GraphQLError } from 'graphql';
import { ERRORS, type HubError } from '../../schema/errors.ts';
import type { OperationContext } from '../subschema/contract.ts';
import type { RefusableContext } from './place-limit.ts';
import { toClientKeys, toClientPath, toPlainOperation } from './plain-operation.ts';
import type { StitchedSchema } from './stitched-schema.ts';

export type Operation = {
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** A fresh object per operation. */
  readonly context: OperationContext;
};

export async function runOperation(
  { executable, keyFields }: Pick<StitchedSchema, 'executable' | 'keyFields'>,
  operation: Operation,
): Promise<ExecutionResult> {
  const { document, prefix } = toPlainOperation(executable, operation, keyFields);
  let refuse: (error: HubError) => void = () => undefined;
  const refused = new Promise<ExecutionResult>((resolve) => {
    refuse = (error) => resolve({ errors: [toRefusal(error)] });
  });
  const contextValue: RefusableContext = { ...operation.context, refuse };
  const executed = execute({
    schema: executable,
    document,
    operationName: operation.operationName,
    variableValues: operation.variables,
    contextValue,
  });
  const result = await Promise.race([executed, refused]);
  return prefix === null ? result : toClientResult(result, prefix);
}

/** No data at all: the request was wrong as a whole. */
function toRefusal(error: HubError): GraphQLError {
  const extensions = { code: error.code, http: { status: ERRORS[error.code].status } };
  return new GraphQLError(error.message, { originalError: error, extensions });
}

function toClientResult(result: ExecutionResult, prefix: string): ExecutionResult {
  const errors = result.errors?.map((error) => toClientError(error, prefix));
  const data = toClientKeys(result.data, prefix) as ExecutionResult['data'];
  return { ...result, ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors }) };
}

function toClientError(error: GraphQLError, prefix: string): GraphQLError {
  const { nodes, path, originalError, extensions } = error;
  if (path === undefined) return error;
  return new GraphQLError(error.message, {
    nodes: nodes ?? null,
    path: toClientPath(path, prefix),
    originalError: originalError ?? null,
    extensions,
  });
}
