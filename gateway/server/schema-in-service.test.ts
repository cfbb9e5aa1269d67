import { describe, expect, test } from '@jest/globals';
import { toFire, toGauge, toHub, toWater, toWaterOver } from '../stitch/hand-made.check.ts';
import type { Subschema } from '../subschema/contract.ts';
import { ask, openTestGateway, toGate } from './test-gateway.check.ts';

describe('a swap of the schema', () => {
  const toVersion = (version: number): Subschema => ({
    name: 'version',
    typeDefs: 'type Query { version: Int }',
    executor: async () => ({ data: { version } }),
  });

  test('loses no request under load, thirty times over', async () => {
    const gateway = await openTestGateway({ subschemas: [toHub(), toWater(), toFire(), toVersion(0)] });
    let swapping = true;
    let asked = 0;
    const seen = new Set<unknown>();
    const client = async (): Promise<void> => {
      while (swapping) {
        const answer = await ask(gateway, '{ version divisions { name gaugeCount trucks } }');
        asked += 1;
        expect([answer.status, answer.errors]).toEqual([200, []]);
        seen.add(answer.data?.version);
      }
    };
    const clients = Array.from({ length: 4 }, client);
    for (let version = 1; version <= 30; version += 1) {
      await gateway.swap([toHub(), toWater(), toFire(), toVersion(version)]);
      await ask(gateway, '{ version }');
    }
    swapping = false;
    await Promise.all(clients);
    const { data } = await ask(gateway, '{ version }');
    await gateway.close();
    expect(data).toEqual({ version: 30 });
    expect(asked).toBeGreaterThan(30);
    expect(seen.size).toBeGreaterThan(5);
  });

  test('lets a request in flight finish on the schema that it began with', async () => {
    const [begun, gate] = [toGate(), toGate()];
    const slow = toWaterOver(async () => {
      begun.open();
      await gate.passed;
      return { data: { wettest: toGauge('old') } };
    });
    const gateway = await openTestGateway({ subschemas: [toHub(), slow] });
    const inFlight = ask(gateway, '{ wettest { name } }');
    await begun.passed;
    await gateway.swap([toHub(), toFire()]);
    expect((await ask(gateway, '{ wettest { name } }')).codes).toEqual(['HUB_QUERY_INVALID']);
    gate.open();
    expect((await inFlight).data).toEqual({ wettest: { name: 'gauge old' } });
    await gateway.close();
  });

  test('that does not fit is refused, and the old schema stays', async () => {
    const gateway = await openTestGateway();
    const rival = { ...toVersion(1), typeDefs: 'enum Mood { HAPPY } type Query { mood: Mood }' };
    await expect(gateway.swap([toHub(), toWater(), rival])).rejects.toMatchObject({
      code: 'HUB_SCHEMA_CONFLICT',
    });
    expect((await ask(gateway, '{ trucks }')).data).toEqual({ trucks: ['truck 1', 'truck 2'] });
    await gateway.close();
  });
});
