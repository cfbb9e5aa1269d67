// All units as one graph: subschemas are checked against each other, their executors made safe, stitched by their
// merge directives, and the lookups hidden. Nothing here knows what a unit is about.
import { makeExecutableSchema } from '@graphql-tools/schema';
import { stitchSchemas, ValidationLevel } from '@graphql-tools/stitch';
import { stitchingDirectives } from '@graphql-tools/stitching-directives';
import { type Executor, filterSchema, pruneSchema } from '@graphql-tools/utils';
import { type DocumentNode, type GraphQLScalarType, type GraphQLSchema, Kind, parse } from 'graphql';
import { HubError } from '../../schema/errors.ts';
import { SCALARS } from '../../schema/scalars/scalars.ts';
import type { Subschema, SubschemaExecutor } from '../subschema/contract.ts';
import { type NamedSchema, toConflicts } from './conflicts.ts';
import { withDeadline } from './deadline.ts';
import { type StrayError, withLocatedErrors } from './located-errors.ts';
import { toLookups } from './lookups.ts';

/** How long the gateway waits for one request to one unit, unless it is told otherwise. */
const DEADLINE_MS = 10_000;

export type StitchOptions = {
  readonly deadlineMs?: number;
  /** Errors that a unit sent beside complete data; they cannot stand in the answer. */
  readonly onStray?: (stray: StrayError) => void;
};

export type StitchedSchema = {
  /** What clients see and what their operations are validated against: no lookups, no stitching directives. */
  readonly schema: GraphQLSchema;
  /** What operations are run on (run-operation.ts) with a fresh OperationContext. */
  readonly executable: GraphQLSchema;
  /** The fields that types are merged by (`id`, `code`): stitching asks for them beside what clients ask. */
  readonly keyFields: ReadonlySet<string>;
};

/**
 * Stitches the subschemas into one graph. Rejects what does not fit with HUB_SCHEMA_CONFLICT, all faults at once:
 * SDL that cannot be read, two subschemas of one name, definitions of one name that differ (never merged by union).
 */
export function toStitchedSchema(
  subschemas: readonly Subschema[],
  options: StitchOptions = {},
): StitchedSchema {
  const steps = stitchInSteps(subschemas, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same in steps, for a gateway that serves meanwhile: whoever drives it lets requests go first between two of them. The
 * longest, stitching itself, is about a third of the whole.
 */
export function* stitchInSteps(
  subschemas: readonly Subschema[],
  options: StitchOptions = {},
): Generator<undefined, StitchedSchema> {
  const { deadlineMs = DEADLINE_MS, onStray } = options;
  const directives = stitchingDirectives();
  const schemas = yield* readInSteps(subschemas, parse(directives.allStitchingDirectivesTypeDefs));
  const conflicts = toConflicts(schemas);
  if (conflicts.length > 0) throw toConflictError(conflicts);
  yield;
  const stitched = stitchSchemas({
    subschemas: schemas.map(({ name, schema, executor }) => ({
      name,
      schema,
      executor: toExecutor(
        withLocatedErrors(withDeadline(executor, name, deadlineMs), name, schema, onStray),
      ),
      batch: true,
    })),
    subschemaConfigTransforms: [directives.stitchingDirectivesTransformer],
    resolvers: toScalars(schemas.flatMap(({ schema }) => Object.keys(schema.getTypeMap()))),
    // Conflicts were looked for above, more strictly and all at once.
    typeMergingOptions: {
      validationSettings: { validationLevel: ValidationLevel.Off },
      // By default the last subschema's word counts, and most say nothing of what they only extend (Unit, Division).
      typeDescriptionsMerger: (candidates) =>
        candidates.map(({ type }) => type?.description).find((text) => text != null && text !== '') ?? null,
    },
  });
  yield;
  const hidden = new Set(directives.allStitchingDirectives.map((directive) => directive.name));
  // Hidden after stitching: a transform of the subschemas would break merges inside merges (stitching.md).
  const filtered = filterSchema({
    schema: stitched,
    rootFieldFilter: (_operation, field) => !field.startsWith('_'),
    directiveFilter: (directive) => !hidden.has(directive),
  });
  yield;
  const schema = pruneSchema(filtered);
  const lookups = schemas.flatMap((one) => [...toLookups(one.schema).values()]);
  return { schema, executable: schema, keyFields: new Set(lookups.map(({ keyField }) => keyField)) };
}

// Stitching's executor type is generic over the context; every operation here runs with an OperationContext.
function toExecutor(executor: SubschemaExecutor): Executor {
  return executor as Executor;
}

type ReadSubschema = NamedSchema & Pick<Subschema, 'executor'>;

function* readInSteps(
  subschemas: readonly Subschema[],
  directives: DocumentNode,
): Generator<undefined, readonly ReadSubschema[]> {
  const own = new Set(
    directives.definitions.flatMap((node) =>
      node.kind === Kind.DIRECTIVE_DEFINITION ? [node.name.value] : [],
    ),
  );
  const faults: string[] = [];
  const names = new Set<string>();
  const schemas: ReadSubschema[] = [];
  for (const { name, typeDefs, executor } of subschemas) {
    yield;
    if (names.has(name)) faults.push(`Two subschemas are called ${name}.`);
    names.add(name);
    try {
      const { definitions, ...rest } = parse(typeDefs);
      const kept = definitions.filter(
        (node) => node.kind !== Kind.DIRECTIVE_DEFINITION || !own.has(node.name.value),
      );
      const named = kept.flatMap((node) =>
        node.kind === Kind.SCALAR_TYPE_DEFINITION ? [node.name.value] : [],
      );
      const schema = makeExecutableSchema({
        typeDefs: { ...rest, definitions: [...directives.definitions, ...kept] },
        resolvers: toScalars(named),
      });
      schemas.push({ name, schema, executor });
    } catch (error) {
      faults.push(
        `The schema of ${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  if (faults.length > 0) throw toConflictError(faults);
  return schemas;
}

/** The hub's own scalars among these names: their values pass through unchanged. */
function toScalars(names: readonly string[]): Record<string, GraphQLScalarType> {
  return Object.fromEntries(Object.entries(SCALARS).filter(([name]) => names.includes(name)));
}

function toConflictError(faults: readonly string[]): HubError {
  const list = faults.map((fault) => `  - ${fault}`).join('\n');
  return new HubError(
    'HUB_SCHEMA_CONFLICT',
    `The units' schemas do not fit together; change the manifests so that they do:\n${list}`,
  );
}
