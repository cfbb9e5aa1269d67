import { describe, expect, test } from '@jest/globals';
import { printSchema } from 'graphql';
import type { Subschema, SubschemaExecutor } from '../subschema/contract.ts';
import { ask } from './ask.check.ts';
import { toFire, toHub, toWater } from './hand-made.check.ts';
import { toStitchedSchema } from './stitched-schema.ts';

/** Counts the documents that an executor is handed. */
function withCount(subschema: Subschema): { subschema: Subschema; count: () => number } {
  let count = 0;
  const executor: SubschemaExecutor = (request) => {
    count += 1;
    return subschema.executor(request);
  };
  return { subschema: { ...subschema, executor }, count: () => count };
}

describe('the stitched graph', () => {
  test('fills one division from three units and hides how', async () => {
    const query = '{ divisions { code name gauges { id name division { name } } trucks } }';
    const { data, errors } = await ask([toHub(), toWater(), toFire()], query);
    expect(errors).toEqual([]);
    const divisions = (data as { divisions: unknown[] }).divisions;
    expect(divisions).toHaveLength(2);
    expect(divisions[1]).toEqual({
      code: '431124',
      name: '道县',
      gauges: [
        { id: 'water:Gauge:431124', name: 'gauge 431124', division: { name: '道县' } },
        { id: 'water:Gauge:431124-2', name: 'gauge 431124-2', division: { name: '道县' } },
      ],
      trucks: ['truck of 431124'],
    });
    const text = printSchema(toStitchedSchema([toHub(), toWater(), toFire()]).schema);
    expect(text).not.toMatch(/_waterGauges|_hubDivisions|@merge|@key|directive/);
  });

  test('costs one request per unit and hop, however many rows and types are asked for', async () => {
    const [hub, water, fire] = [withCount(toHub()), withCount(toWater()), withCount(toFire())];
    const query = '{ divisions { name gauges { name } gaugeCount trucks again: gauges(first: 1) { id } } }';
    const { errors } = await ask([hub.subschema, water.subschema, fire.subschema], query);
    expect(errors).toEqual([]);
    expect([hub.count(), water.count(), fire.count()]).toEqual([1, 1, 1]);
  });

  test('finds an entity of any unit by its id, interface fields included', async () => {
    const query =
      '{ node(id: "water:Gauge:7") { __typename id source { unit } ... on Gauge { name stage } } }';
    const { data } = await ask([toHub(), toWater()], query);
    expect(data).toEqual({
      node: {
        __typename: 'Gauge',
        id: 'water:Gauge:7',
        source: { unit: 'water' },
        name: 'gauge 7',
        stage: '101.500',
      },
    });
  });

  test('passes the digits of a Decimal and the text of a DateTime through unchanged', async () => {
    const { data } = await ask([toHub(), toWater()], '{ wettest { stage source { at } } }');
    expect(data).toEqual({ wettest: { stage: '101.500', source: { at: '2026-04-05T00:30:00Z' } } });
  });

  test('does not show the lookups to introspection', async () => {
    const { data } = await ask([toHub(), toWater()], '{ __schema { queryType { fields { name } } } }');
    expect(JSON.stringify(data)).not.toContain('"name":"_');
    expect(JSON.stringify(data)).toContain('gauges');
  });
});
