// A gateway over the hand-made units on a free port, for the tests of this folder, and a client that reads its answers.
import { toFire, toHub, toWater } from '../stitch/hand-made.check.ts';
import { openGateway } from './open-gateway.ts';
import type { Gateway, GatewayOptions } from './options.ts';

export type Logged = {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
};

export type TestGateway = Gateway & { readonly logged: Logged[] };

export async function openTestGateway(changed: Partial<GatewayOptions> = {}): Promise<TestGateway> {
  const logged: Logged[] = [];
  const gateway = await openGateway({
    host: '127.0.0.1',
    port: 0,
    subschemas: [toHub(), toWater(), toFire()],
    keys: [],
    clock: () => Date.UTC(2026, 3, 5),
    log: {
      info: (fields) => logged.push({ level: 'info', fields }),
      warn: (fields) => logged.push({ level: 'warn', fields }),
      error: (fields) => logged.push({ level: 'error', fields }),
    },
    health: async () => ({ store: { ok: true }, units: {} }),
    ...changed,
  });
  return { ...gateway, logged };
}

export type GraphqlError = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
};

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: readonly GraphqlError[];
  readonly codes: readonly unknown[];
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
};

/** Sends a request and reads the answer as GraphQL, whatever it is. */
export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const body = JSON.parse(text) as Partial<Pick<Answer, 'data' | 'errors' | 'extensions'>>;
  const errors = body.errors ?? [];
  return {
    status: response.status,
    headers: response.headers,
    text,
    data: body.data,
    errors,
    codes: errors.map(({ extensions }) => extensions.code),
    extensions: body.extensions,
  };
}

/** Asks a question by POST. */
export function ask(
  gateway: { readonly url: string },
  query: string,
  rest: {
    readonly variables?: unknown;
    readonly operationName?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<Answer> {
  const { headers, ...body } = rest;
  return send(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, ...body }),
  });
}

/** A promise that a test settles when it wants. */
export function toGate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}
