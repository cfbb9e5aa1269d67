// Clients that ask a running gateway one question after the other, and what they have met: every list of the graph as it was when
// they began, each asked in turn.

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
  take(): Met;
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
export async function openLoad(url: string, clients: number): Promise<Load> {
  const questions = (await listConnections(url)).map(toQuestion);
  const usual = new Map<string, string>();
  for (const question of questions) usual.set(question, toCodes((await askGateway(url, question)).body));
  let isOn = true;
  let next = 0;
  let met = { asked: 0, failed: 0, words: [] as string[], times: [] as number[] };
  const client = async () => {
    while (isOn) {
      const question = questions[next++ % questions.length] ?? '';
      const begun = performance.now();
      const fault = await askGateway(url, question).then(
        ({ status, body }) =>
          status === 200 && (toCodes(body) === '' || toCodes(body) === usual.get(question))
            ? null
            : `${status} ${toCodes(body)} ${question}`,
        (error: unknown) => String(error),
      );
      met.asked += 1;
      met.times.push(performance.now() - begun);
      if (fault === null) continue;
      met.failed += 1;
      if (met.words.length < 5) met.words.push(fault);
    }
  };
  const running = Array.from({ length: clients }, client);
  return {
    take: () => {
      const taken = { ...met, times: met.times.toSorted((a, b) => a - b) };
      met = { asked: 0, failed: 0, words: [], times: [] };
      return taken;
    },
    end: async () => {
      isOn = false;
      await Promise.all(running);
    },
  };
}

function toCodes({ errors = [] }: Body): string {
  return [...new Set(errors.map(({ extensions }) => extensions?.code ?? '?'))].toSorted().join();
}
