// Before anything is timed: that all contenders say the same, and that the gateway with both doors takes the whole graph's.
import type { Contender } from './contenders.ts';
import { toVariables } from './question.ts';

type Body = {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors?: unknown;
  readonly extensions?: { readonly plan?: unknown };
};

/** Numbers of the requests that are compared: with the newest rows and with the oldest ones. */
const REQUESTS = [0, 7, 4_999, 20_010];

/** Rejects at the first difference of `data`; answers what is worth printing: bytes, rows and plans. */
export async function compareAnswers(
  contenders: readonly Contender[],
  newest: number,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const request of REQUESTS) {
    let expected: Body['data'] | null = null;
    for (const { name, ask } of contenders) {
      const text = await ask(toVariables(newest, request));
      const body = JSON.parse(text) as Body;
      if (body.errors !== undefined) throw new Error(`${name} answers with errors: ${text.slice(0, 500)}`);
      expected ??= body.data;
      const difference = findDifference(expected, body.data, 'data');
      if (difference !== null) throw new Error(`${name} says something else at ${difference}`);
      if (request === 0) {
        const plan = body.extensions?.plan;
        const told = plan === undefined ? '' : `; ${JSON.stringify(plan)}`;
        lines.push(
          `${name}: ${Buffer.byteLength(text)} bytes, ${text.split(/"id" ?:/).length - 1} rows${told}`,
        );
      }
    }
  }
  return [...lines, `the data of ${REQUESTS.length} requests are equal for all`];
}

/** Where two JSON values differ first, with both values; null where they are equal. The order of keys does not count. */
function findDifference(left: unknown, right: unknown, path: string): string | null {
  if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right))
    return Object.is(left, right) ? null : `${path}: ${JSON.stringify(left)} and ${JSON.stringify(right)}`;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const difference = findDifference(left[key], right[key], `${path}.${key}`);
    if (difference !== null) return difference;
  }
  return null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
