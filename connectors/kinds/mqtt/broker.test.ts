// A source at every broker that is here: when a message is acknowledged, and what the broker keeps while nobody takes it.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { HubError } from '../../../schema/errors.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { type TestBroker, toBrokers } from '../../../test/support/mqtt-brokers.ts';
import { wallClock } from '../../kit/resilience/clock.ts';
import { openWorld, type World, type WorldOptions } from './broker.fixture.ts';

const AWAY = new HubError('HUB_STORE_UNREACHABLE', 'the store is away');
const JSON_TOPIC = 'fire/a1/up/json';
const toAlarm = (number: number) => JSON.stringify({ devAddr: number });

describe.each(await toBrokers())('at $name', ({ open }) => {
  let broker: TestBroker;
  const worlds: World[] = [];
  beforeAll(async () => {
    broker = await open();
  });
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.close();
  });
  afterAll(() => broker.close());
  const begin = async (options?: WorldOptions): Promise<World> => {
    const world = await openWorld(broker, options);
    worlds.push(world);
    return world;
  };
  const numbers = ({ hub }: World) => hub.records().map(({ devAddr }) => devAddr);
  const came = (world: World, count: number) =>
    eventually(() => world.hub.records().length >= count, { what: `${count} records` });

  test('a message whose batch is not durable comes again, one that was durable does not', async () => {
    const world = await begin();
    const { hub, ended } = world;
    hub.refuse = AWAY;
    await world.listen();
    await world.publish(JSON_TOPIC, toAlarm(1));
    await eventually(() => ended.length === 1, { what: 'the end of listening' });
    expect([ended[0], hub.batches]).toEqual([AWAY, []]);
    hub.refuse = null;
    const end = await world.listen();
    await came(world, 1);
    await end();
    await world.listen();
    await world.publish(JSON_TOPIC, toAlarm(2));
    await came(world, 2);
    expect(numbers(world)).toEqual([1, 2]);
  });

  test('what is published while the hub is away is kept for it, in order, and comes once', async () => {
    const world = await begin();
    await (await world.listen())();
    for (let number = 1; number <= 30; number += 1) await world.publish(JSON_TOPIC, toAlarm(number));
    const end = await world.listen();
    await came(world, 30);
    await end();
    expect(numbers(world)).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
    await (await world.listen())();
    expect(numbers(world)).toHaveLength(30);
  });

  test('a broken line ends listening with a code; what came meanwhile comes with the next one', async () => {
    const world = await begin();
    await world.listen();
    world.wire.down();
    await eventually(() => world.ended.length === 1, { what: 'the end of listening' });
    expect(world.ended).toMatchObject([{ code: 'HUB_SOURCE_UNREACHABLE' }]);
    await expect(world.listen()).rejects.toMatchObject({ code: 'HUB_SOURCE_UNREACHABLE' });
    await world.publish(JSON_TOPIC, toAlarm(1));
    world.wire.heal();
    await world.listen();
    await came(world, 1);
    expect(numbers(world)).toEqual([1]);
  });

  test('what came while a batch was with the hub goes together; the hub never has more than it allows', async () => {
    const world = await begin({ inFlight: 10 });
    const { hub } = world;
    hub.shut();
    await world.listen();
    await world.publish(JSON_TOPIC, toAlarm(1));
    await eventually(() => hub.asked.length === 1, { what: 'the first batch' });
    for (let number = 2; number <= 40; number += 1) await world.publish(JSON_TOPIC, toAlarm(number));
    expect(hub.asked).toHaveLength(1);
    hub.open();
    await came(world, 40);
    const sizes = hub.batches.map(({ records }) => records.length);
    expect(numbers(world)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
  });

  test('of messages that came together those before the first that is not durable are acknowledged, none behind it', async () => {
    const world = await begin();
    await (await world.listen())();
    await world.publish('fire/a1/online', '{}');
    await world.publish(JSON_TOPIC, toAlarm(1));
    await world.publish('fire/a1/online', '{}');
    world.hub.refuse = AWAY;
    const onRecords = async (batch: Parameters<typeof world.hub.take>[0]) => {
      if (batch.object === 'json') await world.hub.take(batch);
    };
    // They may come before the subscriptions are confirmed: then listening does not even begin.
    const onEnd = (error: Error) => world.ended.push(error);
    await world.source.listen(onRecords, { onEnd }).catch(onEnd);
    await eventually(() => world.ended.length === 1, { what: 'the end of listening' });
    world.hub.refuse = null;
    await world.listen();
    await came(world, 1);
    const beats = () => world.hub.batches.filter(({ object }) => object === 'state').length;
    await eventually(() => beats() > 0, { what: 'the message behind it' });
    expect(numbers(world)).toEqual([1]);
  });

  test('a sign of life is a batch of nothing; one that the broker kept is none, and a kept record is taken', async () => {
    const world = await begin();
    await world.publish('fire/a1/online', '{"online":1}', { retain: true });
    await world.publish('fire/a2/up/json', toAlarm(7), { retain: true });
    const end = await world.listen();
    await came(world, 1);
    expect(world.hub.batches).toMatchObject([{ object: 'json' }]);
    await world.publish('fire/a1/online', '{"online":1}');
    await eventually(() => world.hub.batches.length === 2, { what: 'the sign of life' });
    expect(world.hub.batches[1]).toMatchObject({ object: 'state', records: [] });
    await end();
    await (await world.listen())();
    expect(world.hub.batches.filter(({ object }) => object === 'state')).toHaveLength(1);
  });

  test('qos 2 is acknowledged as late, and comes once', async () => {
    const world = await begin({ options: { qos: 2 } });
    world.hub.shut();
    const end = await world.listen();
    await world.publish(JSON_TOPIC, toAlarm(1), { qos: 2 });
    await eventually(() => world.hub.asked.length === 1, { what: 'the batch' });
    await world.publish(JSON_TOPIC, toAlarm(2), { qos: 2 });
    world.hub.open();
    await came(world, 2);
    await end();
    await (await world.listen())();
    expect(numbers(world)).toEqual([1, 2]);
  });

  test('with `ack: none` a message is acknowledged as it comes, and its batch held until the store is back', async () => {
    const clock = {
      now: wallClock.now,
      sleep: (ms: number, signal?: AbortSignal) => wallClock.sleep(ms / 20, signal),
    };
    const world = await begin({ options: { ack: 'none' }, clock, timeoutMs: 100_000, keepAliveSeconds: 600 });
    world.hub.refuse = AWAY;
    await world.listen();
    await world.publish(JSON_TOPIC, toAlarm(1));
    await eventually(() => world.hub.asked.length === 2, { what: 'the second try' });
    expect(world.ended).toEqual([]);
    world.hub.refuse = null;
    await came(world, 1);
  });

  test('an ending lets the batch under way be acknowledged, and takes nothing new', async () => {
    const world = await begin();
    world.hub.shut();
    const end = await world.listen();
    await world.publish(JSON_TOPIC, toAlarm(1));
    await eventually(() => world.hub.asked.length === 1, { what: 'the batch' });
    await world.publish(JSON_TOPIC, toAlarm(2));
    const ending = end();
    world.hub.open();
    await ending;
    expect(numbers(world)).toEqual([1]);
    await world.listen();
    await came(world, 2);
    expect(numbers(world)).toEqual([1, 2]);
    expect(world.ended).toEqual([]);
  });
});
