import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import type { OperationContext } from '../subschema/contract.ts';
import { withDeadline } from './deadline.ts';
import { toContext } from './hand-made.check.ts';

const document = parse('{ a }');
const request = (context: OperationContext) => ({ document, context });

describe('the deadline of a unit', () => {
  test('hands an answer in time through and stops its clock', async () => {
    const executor = withDeadline(async () => ({ data: { a: 1 } }), 'water', 60_000);
    await expect(executor(request(toContext()))).resolves.toEqual({ data: { a: 1 } });
  });

  test('ends a hanging executor with HUB_UNIT_TIMEOUT and tells it through the signal', async () => {
    let told: unknown = null;
    const executor = withDeadline(
      ({ signal }) =>
        new Promise(() => signal?.addEventListener('abort', () => (told = signal.reason), { once: true })),
      'water',
      10,
    );
    await expect(executor(request(toContext()))).rejects.toMatchObject({
      code: 'HUB_UNIT_TIMEOUT',
      message: 'Unit "water" did not answer within 10 ms; ask again later.',
    });
    expect(told).toMatchObject({ code: 'HUB_UNIT_TIMEOUT' });
  });

  test('ends when the client leaves, before and during the call', async () => {
    const leaving = new AbortController();
    const executor = withDeadline(() => new Promise(() => undefined), 'water', 60_000);
    const during = executor(request({ ...toContext(), signal: leaving.signal }));
    leaving.abort();
    await expect(during).rejects.toMatchObject({ code: 'HUB_UNIT_UNAVAILABLE' });
    const after = executor(request({ ...toContext(), signal: leaving.signal }));
    await expect(after).rejects.toMatchObject({ code: 'HUB_UNIT_UNAVAILABLE' });
  });
});
