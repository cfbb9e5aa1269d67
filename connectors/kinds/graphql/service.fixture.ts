// Sources of kind graphql on the test service of kit/web, which executes what it is asked over a schema of the test.
import { buildSchema, type GraphQLSchema, graphql } from 'graphql';
import type { SourceSettings } from '../../kit/contract.ts';
import { wallClock } from '../../kit/resilience/clock.ts';
import {
  type Asked,
  CODECS,
  LOCAL_TARGETS,
  type Reply,
  toWebHarness,
  toWebSettings,
} from '../../kit/web/service.fixture.ts';
import { toGraphqlKind } from './graphql-kind.ts';

/** Settings of a source whose object `list` asks `sites`. */
export function toSettings(
  url: string,
  object: SourceSettings['options'] = {},
  options: SourceSettings['options'] = {},
  more: Partial<SourceSettings> = {},
): SourceSettings {
  return toWebSettings(url, options, { request: { root: 'sites' }, records: 'nodes', ...object }, more);
}

export function openSource(settings: SourceSettings) {
  return toGraphqlKind({
    codecs: CODECS,
    clock: wallClock,
    counties: ['431102'],
    targets: LOCAL_TARGETS,
  }).open(settings);
}

export function toHarness() {
  return toWebHarness((...settings: Parameters<typeof toSettings>) => openSource(toSettings(...settings)));
}

export type Posted = { readonly query: string; readonly variables: { readonly [name: string]: unknown } };

export function toPosted({ body }: Pick<Asked, 'body'>): Posted {
  return JSON.parse(body) as Posted;
}

export function isIntrospection(asked: Pick<Asked, 'body'>): boolean {
  return toPosted(asked).query.includes('__schema');
}

/** A service as people run them: HTTP 200 for what was executed, 400 for what could not be. */
export function toService(sdl: string, root: object): (asked: Asked) => Promise<Reply> {
  const schema: GraphQLSchema = buildSchema(sdl);
  return async (asked) => {
    const { query, variables } = toPosted(asked);
    const result = await graphql({ schema, source: query, rootValue: root, variableValues: variables });
    return { status: result.data === undefined ? 400 : 200, body: JSON.parse(JSON.stringify(result)) };
  };
}

/** A Relay connection over a list: `first` and `after`. */
export function toConnection(list: readonly object[], { first, after }: { first?: number; after?: string }) {
  const from =
    after === undefined || after === null ? 0 : Number(Buffer.from(after, 'base64').toString()) + 1;
  const nodes = list.slice(from, from + (first ?? list.length));
  const end = from + nodes.length;
  const endCursor = nodes.length === 0 ? null : Buffer.from(String(end - 1)).toString('base64');
  return { nodes, pageInfo: { endCursor, hasNextPage: end < list.length } };
}
