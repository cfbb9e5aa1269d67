// Before anything is timed: that all contenders say the same of the same questions.
import type { Workload } from '../workloads/contract.ts';
import type { Contender, Opened } from './contenders.ts';
import { post } from './post.ts';

type Body = { readonly data?: unknown; readonly errors?: unknown };

export type Compared = {
  readonly bytes: number;
  /** Requests to remote services for one question; null where there are none. */
  readonly requests: number | null;
};

/** Numbers of the requests that are compared: with the newest rows and with older ones. */
const REQUESTS = [0, 7, 499, 1_999];

/** Rejects at the first difference of `data`; answers what each contender's last answer weighed, in their order. */
export async function compareAnswers(
  { contenders, countRequests }: Opened,
  workload: Workload,
  newest: number,
): Promise<readonly Compared[]> {
  const expected = new Map<number, unknown>();
  const seen: Compared[] = [];
  for (const contender of contenders) {
    const before = await countRequests?.();
    let bytes = 0;
    for (const request of REQUESTS) {
      const text = await post(contender.url, contender.toBody(workload.toVariables(newest, request)));
      bytes = Buffer.byteLength(text);
      const data = toData(contender, text);
      if (!expected.has(request)) expected.set(request, data);
      const difference = findDifference(expected.get(request), data, 'data');
      if (difference === null) continue;
      throw new Error(`${workload.name}: ${contender.name} says something else at ${difference}`);
    }
    const after = await countRequests?.();
    const requests = before === undefined || after === undefined ? null : (after - before) / REQUESTS.length;
    seen.push({ bytes, requests });
  }
  return seen;
}

function toData({ name, mustHave }: Contender, text: string): unknown {
  const { data, errors } = JSON.parse(text) as Body;
  if (errors !== undefined) throw new Error(`${name} answers with errors: ${text.slice(0, 1000)}`);
  if (mustHave !== null && !text.includes(mustHave))
    throw new Error(`${name} answers without ${mustHave}: …${text.slice(-500)}`);
  if (!isObject(data) || Object.values(data).some((value) => value === null))
    throw new Error(`${name} answers nothing: ${text.slice(0, 500)}`);
  return data;
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
