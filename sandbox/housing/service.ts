// The bureau's endpoint: GraphQL over HTTP at /graphql, by POST, behind a bearer token. What goes wrong inside a question
// stands in `errors` of an HTTP 200.
import { graphql } from 'graphql';
import type { Call, Reply } from '../http/http-system.ts';
import { type Facts, SCHEMA, toRoot } from './schema.ts';

export type ServiceOptions = {
  readonly token: string;
  facts(): Facts;
};

type Question = {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
};

export function toService({ token, facts }: ServiceOptions): (call: Call) => Promise<Reply> {
  return async (call) => {
    if (call.path !== '/graphql') return { status: 404, type: 'text/plain', text: 'Not found' };
    if (call.method !== 'POST') return { status: 405, type: 'text/plain', text: 'POST only' };
    if (call.headers.authorization !== `Bearer ${token}`)
      return toJson(401, { errors: [{ message: '令牌无效', extensions: { code: 'UNAUTHENTICATED' } }] });
    const question = parseQuestion(call.body);
    if (question === null) return toJson(400, { errors: [{ message: '请求体须为含 query 的 JSON' }] });
    const { query: source, variables, operationName } = question;
    const result = await graphql({
      ...{ schema: SCHEMA, source, rootValue: toRoot(facts()) },
      ...(variables === undefined ? {} : { variableValues: variables }),
      ...(operationName === undefined ? {} : { operationName }),
    });
    return toJson(200, result);
  };
}

function parseQuestion(body: string): Question | null {
  try {
    const parsed = JSON.parse(body) as Partial<Record<keyof Question, unknown>> | null;
    const { query, variables, operationName } = parsed ?? {};
    if (typeof query !== 'string') return null;
    return {
      query,
      ...(typeof variables === 'object' && variables !== null
        ? { variables: variables as Readonly<Record<string, unknown>> }
        : {}),
      ...(typeof operationName === 'string' ? { operationName } : {}),
    };
  } catch {
    return null;
  }
}

function toJson(status: number, body: object): Reply {
  return { status, type: 'application/json', text: JSON.stringify(body) };
}
