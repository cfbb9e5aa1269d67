// Equal questions at one time: how many statements they take, and that nobody gets rows that were read before it asked.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReadStatement } from '../contract.ts';
import { shareReads } from './share-reads.ts';

type Begun = {
  readonly statement: ReadStatement;
  readonly signal: AbortSignal | undefined;
  readonly answer: (rows: readonly Record<string, unknown>[]) => void;
  readonly fail: (error: Error) => void;
};

/** A store that answers when it is told to. */
function openSlow() {
  const begun: Begun[] = [];
  const reader = shareReads({
    read: (statement, { signal } = {}) =>
      new Promise<readonly never[]>((resolve, reject) => {
        begun.push({ statement, signal, answer: (rows) => resolve(rows as readonly never[]), fail: reject });
        signal?.addEventListener('abort', () => reject(new Error('cancelled')));
      }),
  });
  return { begun, reader };
}

const LEVEL: ReadStatement = { text: 'select level from river where station = $1', values: ['A'] };
/** What follows an answer is done. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('questions that are equal', () => {
  test('and come while two are under way share the next one, none gets one under way', async () => {
    const { begun, reader } = openSlow();
    const first = [reader.read(LEVEL), reader.read(LEVEL)];
    const others = [reader.read(LEVEL), reader.read({ ...LEVEL, values: ['A'] }), reader.read(LEVEL)];
    expect(begun).toHaveLength(2);
    begun[1]?.answer([{ level: 1 }]);
    expect(await first[1]).toEqual([{ level: 1 }]);
    await settled();
    expect(begun).toHaveLength(3);
    begun[2]?.answer([{ level: 2 }]);
    for (const other of others) expect(await other).toEqual([{ level: 2 }]);
  });

  test('and come one after the other are asked each by itself', async () => {
    const { begun, reader } = openSlow();
    for (const level of [1, 2, 3]) {
      const answer = reader.read(LEVEL);
      begun.at(-1)?.answer([{ level }]);
      expect(await answer).toEqual([{ level }]);
      await settled();
    }
    expect(begun).toHaveLength(3);
  });

  test('fail together, and the next one is asked anew', async () => {
    const { begun, reader } = openSlow();
    const [first, other] = [reader.read(LEVEL), reader.read(LEVEL)];
    const waiting = [reader.read(LEVEL), reader.read(LEVEL)];
    begun[0]?.fail(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await settled();
    begun[2]?.fail(new Error('still away'));
    for (const one of waiting) await expect(one).rejects.toThrow('still away');
    const next = reader.read(LEVEL);
    begun[1]?.answer([{ level: 1 }]);
    expect(await other).toEqual([{ level: 1 }]);
    begun[3]?.answer([{ level: 2 }]);
    expect(await next).toEqual([{ level: 2 }]);
  });

  test('are cancelled when nobody waits for them any more, not before', async () => {
    const { begun, reader } = openSlow();
    const [one, two] = [new AbortController(), new AbortController()];
    const [first] = [reader.read(LEVEL), reader.read(LEVEL)];
    const waiting = [one, two].map(({ signal }) => reader.read(LEVEL, { signal }));
    begun[0]?.answer([]);
    await first;
    await settled();
    one.abort();
    await expect(waiting[0]).rejects.toMatchObject({ code: 'HUB_STORE_QUERY' });
    expect(begun[2]?.signal?.aborted).toBe(false);
    two.abort();
    await expect(waiting[1]).rejects.toMatchObject({ code: 'HUB_STORE_QUERY' });
    expect(begun[2]?.signal?.aborted).toBe(true);
  });

  test('that all have left before their turn are never asked, and who comes then is', async () => {
    const { begun, reader } = openSlow();
    const leaving = new AbortController();
    const [first] = [reader.read(LEVEL), reader.read(LEVEL)];
    const left = reader.read(LEVEL, { signal: leaving.signal });
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'HUB_STORE_QUERY' });
    const late = reader.read(LEVEL);
    begun[0]?.answer([{ level: 1 }]);
    await first;
    await settled();
    expect(begun).toHaveLength(3);
    begun[2]?.answer([{ level: 2 }]);
    expect(await late).toEqual([{ level: 2 }]);
  });
});

test.each([
  ['another text', { ...LEVEL, text: 'select flow from river where station = $1' }],
  ['another value', { ...LEVEL, values: ['B'] }],
  ['a text where the other has a number', { ...LEVEL, values: [1] }],
  ['no value', { ...LEVEL, values: [null] }],
])('a question with %s is another one', (_what, other) => {
  const { begun, reader } = openSlow();
  void reader.read(LEVEL);
  void reader.read(other);
  expect(begun.map(({ statement }) => statement)).toEqual([LEVEL, other]);
});

test('a question that is over before it is asked asks nothing', async () => {
  const { begun, reader } = openSlow();
  await expect(reader.read(LEVEL, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'HUB_STORE_QUERY',
  });
  expect(begun).toEqual([]);
});

test('whatever comes, goes and is answered in which order: everyone gets rows that were read after it had asked', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('ask' as const), which: fc.nat(2) }),
    fc.record({ do: fc.constant('answer' as const), which: fc.nat(5) }),
    fc.record({ do: fc.constant('leave' as const), which: fc.nat(9) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { begun, reader } = openSlow();
      const open: Begun[] = [];
      let [time, seen] = [0, 0];
      /** Rows tell when they were read. */
      const note = () => {
        for (const one of begun.slice(seen)) open.push({ ...one, answer: () => one.answer([{ at }]) });
        const at = time;
        seen = begun.length;
      };
      const leaving: AbortController[] = [];
      const answers: Promise<void>[] = [];
      const ask = (which: number) => {
        const asked = time;
        const controller = new AbortController();
        leaving.push(controller);
        answers.push(
          reader
            .read<{ at: number }>({ text: 'select $1', values: [which] }, { signal: controller.signal })
            .then(
              ([row]) => expect(row?.at).toBeGreaterThanOrEqual(asked),
              () => expect(controller.signal.aborted).toBe(true),
            ),
        );
      };
      for (const { do: what, which } of steps) {
        time += 1;
        if (what === 'ask') ask(which);
        else if (what === 'leave') leaving[which]?.abort();
        else open.splice(which % Math.max(1, open.length), 1)[0]?.answer([]);
        await settled();
        note();
      }
      while (open.length > 0) {
        open.shift()?.answer([]);
        await settled();
        note();
      }
      await Promise.all(answers);
    }),
  );
});
