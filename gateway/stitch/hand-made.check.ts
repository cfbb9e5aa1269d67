// Three small units made by hand for the tests of gateway/stitch and gateway/server: the hub, water and fire. They
// answer through graphql-js or through a plain function, and every one of their fields can be made to fail.
import { makeExecutableSchema } from '@graphql-tools/schema';
import { type ExecutionResult, execute, type FieldNode, getArgumentValues, Kind } from 'graphql';
import type { OperationContext, Subschema, SubschemaExecutor } from '../subschema/contract.ts';
import { addSourceReport } from '../subschema/source-report.ts';

const MERGE = 'directive @merge(keyField: String) on FIELD_DEFINITION';

export const HUB_SDL = /* GraphQL */ `
  interface Entity { id: ID! }
  type Division { code: ID! name: String }
  type Gauge implements Entity { id: ID! }
  type Query {
    divisions: [Division]
    node(id: ID!): Entity
    nodes(ids: [ID!]!): [Entity]
    _hubDivisions(codes: [ID!]!): [Division]! @merge(keyField: "code")
  }
`;

export const WATER_SDL = /* GraphQL */ `
  scalar DateTime
  scalar Decimal
  scalar PhoneNumber
  enum Mood { CALM WILD }
  interface Entity { id: ID! source: Source! }
  type Source { unit: String! at: DateTime }
  type Division { code: ID! gauges(first: Int = 20): [Gauge] gaugeCount: Int }
  type Gauge implements Entity { id: ID! source: Source! name: String stage: Decimal mood: Mood phone: PhoneNumber division: Division }
  type Query {
    gauges: [Gauge]
    wettest: Gauge
    _waterDivisions(codes: [ID!]!): [Division]! @merge(keyField: "code")
    _waterGauges(ids: [ID!]!): [Gauge]! @merge(keyField: "id")
  }
`;

export const FIRE_SDL = /* GraphQL */ `
  type Division { code: ID! trucks: [String] }
  type Query { trucks: [String] _fireDivisions(codes: [ID!]!): [Division]! @merge(keyField: "code") }
`;

const COUNTIES = [
  { code: '431102', name: '零陵区' },
  { code: '431124', name: '道县' },
];

type Resolver = (parent: unknown, args: never) => unknown;
export type Resolvers = Readonly<Record<string, Readonly<Record<string, Resolver>>>>;

/** A subschema that graphql-js answers; every request is counted in the operation's sources. */
export function toGraphqlJsUnit(name: string, typeDefs: string, resolvers: Resolvers): Subschema {
  const schema = makeExecutableSchema({
    typeDefs: [MERGE, typeDefs],
    resolvers: resolvers as never,
    resolverValidationOptions: { requireResolversToMatchSchema: 'ignore' },
  });
  return {
    name,
    typeDefs,
    async executor({ document, variables, context }) {
      reportTo(context, name);
      const result = await execute({
        schema,
        document,
        variableValues: variables ?? {},
        contextValue: context,
      });
      return result as ExecutionResult;
    },
  };
}

export function reportTo(context: OperationContext | undefined, unit: string): void {
  if (context === undefined) return;
  addSourceReport(context.sources, {
    unit,
    status: 'OK',
    via: 'STORE',
    freshness: 'LIVE',
    ageSeconds: 60,
    milliseconds: 2,
    requests: 1,
    rows: 3,
  });
}

export function toGauge(key: string): Record<string, unknown> {
  return {
    __typename: 'Gauge',
    id: `water:Gauge:${key}`,
    name: `gauge ${key}`,
    stage: '101.500',
    mood: 'CALM',
    source: { unit: 'water', at: '2026-04-05T00:30:00Z' },
    division: { code: '431124' },
  };
}

export function toHub(): Subschema {
  const toStub = (id: string) => ({ __typename: 'Gauge', id });
  return toGraphqlJsUnit('hub', HUB_SDL, {
    Query: {
      divisions: () => COUNTIES.map((row) => ({ ...row })),
      node: (_parent, { id }: { id: string }) => (id.startsWith('water') ? toStub(id) : null),
      nodes: (_parent, { ids }: { ids: string[] }) => ids.map(toStub),
      _hubDivisions: (_parent, { codes }: { codes: string[] }) =>
        codes.map((code) => COUNTIES.find((row) => row.code === code) ?? null),
    },
  });
}

/** Water with some of its resolvers replaced, mostly by failing ones. */
export function toWater(replaced: Resolvers = {}): Subschema {
  return toGraphqlJsUnit('water', WATER_SDL, {
    ...replaced,
    Query: {
      gauges: () => [toGauge('a'), toGauge('b')],
      wettest: () => toGauge('w'),
      _waterDivisions: (_parent, { codes }: { codes: string[] }) =>
        codes.map((code) => ({ code, gauges: [toGauge(code), toGauge(`${code}-2`)], gaugeCount: 2 })),
      _waterGauges: (_parent, { ids }: { ids: string[] }) => ids.map((id) => toGauge(id.split(':')[2] ?? '')),
      ...replaced.Query,
    },
  });
}

/** Water's SDL over any executor: one that throws, hangs, or is no graphql-js. */
export function toWaterOver(executor: SubschemaExecutor): Subschema {
  return { name: 'water', typeDefs: WATER_SDL, executor };
}

/** Fire answers without graphql-js, reading the document by hand as the compiling executors do. */
export function toFire(): Subschema {
  const schema = makeExecutableSchema({ typeDefs: [MERGE, FIRE_SDL] });
  const fields = schema.getQueryType()?.getFields() ?? {};
  return {
    name: 'fire',
    typeDefs: FIRE_SDL,
    async executor({ document, variables, context }) {
      reportTo(context, 'fire');
      const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
      const data: Record<string, unknown> = {};
      for (const node of operation?.selectionSet.selections ?? []) {
        const field = node.kind === Kind.FIELD ? fields[node.name.value] : undefined;
        if (node.kind !== Kind.FIELD || field === undefined) continue;
        const { codes } = getArgumentValues(field, node, variables) as { codes?: string[] };
        data[toKey(node)] = codes?.map((code) => toFireRow(node, code)) ?? ['truck 1', 'truck 2'];
      }
      return { data };
    },
  };
}

function toFireRow(lookup: FieldNode, code: string): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  const values: Record<string, unknown> = { __typename: 'Division', code, trucks: [`truck of ${code}`] };
  for (const node of lookup.selectionSet?.selections ?? [])
    if (node.kind === Kind.FIELD) row[toKey(node)] = values[node.name.value];
  return row;
}

function toKey(node: FieldNode): string {
  return node.alias?.value ?? node.name.value;
}

export function toContext(): OperationContext {
  return {
    viewer: { id: 'local', kind: 'local', classes: ['public', 'internal', 'sensitive'] },
    requestId: 'test',
    now: Date.UTC(2026, 3, 5),
    signal: new AbortController().signal,
    sources: [],
  };
}
