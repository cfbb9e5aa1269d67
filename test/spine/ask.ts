// Questions over real HTTP, and their answers as a client sees them.

export type AnswerError = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly unknown[];
  readonly extensions: { readonly code: string; readonly unit?: string; readonly retryable?: boolean };
};

/** A line of `extensions.sources`. */
export type SourceLine = {
  readonly unit: string;
  readonly status: string;
  readonly via: string | null;
  readonly freshness: string | null;
  readonly ageSeconds: number | null;
  readonly milliseconds: number;
  readonly requests: number;
  readonly rows: number;
};

export type Answer<Data> = {
  readonly status: number;
  /** The whole body, as it came. */
  readonly text: string;
  readonly data: Data;
  readonly errors: readonly AnswerError[];
  readonly codes: readonly string[];
  readonly sources: readonly SourceLine[];
};

/** Posts a question; every answer of the gateway is JSON, refusals too. `Data`: what the test knows it asked for. */
export async function askGraphql<Data>(url: string, query: string, variables = {}): Promise<Answer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const body = JSON.parse(text) as {
    readonly data: Data;
    readonly errors?: readonly AnswerError[];
    readonly extensions?: { readonly sources?: readonly SourceLine[] };
  };
  const errors = body.errors ?? [];
  return {
    status: response.status,
    text,
    data: body.data,
    errors,
    codes: errors.map(({ extensions }) => extensions.code),
    sources: body.extensions?.sources ?? [],
  };
}
