// A check over a capability: a source that does not declare it must refuse it, and passes by doing so.
import { equal } from 'node:assert/strict';
import type { Capabilities, Source } from '../contract.ts';
import { refused } from './expect.ts';
import type { Check, World } from './world.ts';

type Capability = Exclude<keyof Capabilities, 'filter' | 'spans' | 'declares'>;

/** `needs` null: a check of every source. */
export function toCheck(
  id: string,
  title: string,
  needs: Capability | null,
  body: (world: World) => Promise<void>,
): Check {
  return {
    id,
    title,
    async run(world) {
      const source = await world.open();
      if (needs === null || source.capabilities[needs]) return body(world);
      equal(source.capabilities[needs], false);
      await refused(world, ask(source, needs, world), 'HUB_SOURCE_UNSUPPORTED');
    },
  };
}

export async function ask(source: Source, capability: Capability, world: World): Promise<unknown> {
  const name = world.names.stations;
  const request = { columns: ['code'], limit: 10 };
  switch (capability) {
    case 'describe':
      return source.describe([name]);
    case 'readMany':
      return source.readMany(name, { columns: ['code'], by: ['code'], keys: [['A1']] });
    case 'select':
      return source.select(name, request);
    case 'scan':
      return source.scan(name, request)[Symbol.asyncIterator]().next();
    case 'listen':
      return source.listen(async () => undefined);
    case 'deliveries':
      return source.deliveries(name);
    case 'digests':
      return source.digest(name, { columns: ['code'], bucket: null });
  }
}
