// autocannon asks a running gateway one question after the other (peers/lists.mjs), and tells what it has met: every list of the
// graph as it was when it began, each asked in turn.
import { end, receive, startPeer } from '../run/processes.ts';

export type Met = {
  readonly asked: number;
  readonly failed: number;
  /** The first few failures, in words. */
  readonly words: readonly string[];
  /** Milliseconds, sorted. */
  readonly times: readonly number[];
};

export type Load = {
  /** What was met since the last call. */
  take(): Promise<Met>;
  end(): Promise<void>;
};

type Body = {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
};

export async function askGateway(url: string, query: string): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

/** Fields of Query that give a connection. */
export async function listConnections(url: string): Promise<readonly string[]> {
  const { body } = await askGateway(url, '{ __schema { queryType { fields { name type { name } } } } }');
  type Field = { readonly name: string; readonly type: { readonly name: string | null } };
  const { __schema } = body.data as { __schema: { queryType: { fields: readonly Field[] } } };
  const isOfUnit = ({ name, type }: Field) =>
    type.name?.endsWith('Connection') === true && !name.startsWith('_');
  return __schema.queryType.fields.filter(isOfUnit).map(({ name }) => name);
}

/** Runs are not counted. */
export const toQuestion = (field: string): string =>
  `{ ${field}(first: 10) { ${field === 'runs' ? '' : 'totalCount '}nodes { __typename } } }`;

/** Errors that a list gave before the load (a type that has nothing yet) are none of the load's. */
export async function openLoad(url: string, connections: number): Promise<Load> {
  const questions: [string, string][] = [];
  for (const question of (await listConnections(url)).map(toQuestion))
    questions.push([question, toCodes((await askGateway(url, question)).body)]);
  const load = await startPeer('lists', {}, 'anywhere');
  load.child.send({ url, questions, connections });
  return {
    take: () => {
      const met = receive(load.child, 'the load', 30_000);
      load.child.send('take');
      return met as Promise<Met>;
    },
    end: () => end(load),
  };
}

function toCodes({ errors = [] }: Body): string {
  return [...new Set(errors.map(({ extensions }) => extensions?.code ?? '?'))].toSorted().join();
}
