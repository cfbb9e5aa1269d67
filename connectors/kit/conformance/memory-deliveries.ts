// A place of deliveries in memory, and a source on it: shows that C41–C48 ask nothing of a file system, and is spoilt in
// deliveries.test.ts to show that each can fail. A collaborator of this folder's tests.
import { HubError } from '../../../schema/errors.ts';
import type { CallOptions, Delivery, Page, Source, SourceRecord } from '../contract.ts';
import { FIXTURE } from './fixture.ts';
import { toMemoryWorld } from './memory-world.ts';
import type { World } from './world.ts';

type Lying = {
  readonly name: string;
  readonly records: readonly SourceRecord[];
  readonly spoilt: boolean;
  readonly time: number;
  /** When it was written last, by the place's own clock. */
  readonly touched: number;
};
const MINUTE = 60_000;

export function toDeliveryWorld(
  spoil: (source: Source, now: () => number) => Source = (source) => source,
): World {
  const lying = new Map<string, Lying>();
  const settled = new Set<string>();
  let now = 0;
  const write = (name: string, records: readonly SourceRecord[], spoilt: boolean, minutes: number) => {
    lying.set(name, { name, records, spoilt, time: now - minutes * MINUTE, touched: now });
  };
  return {
    ...toMemoryWorld(),
    open: async () =>
      spoil(
        toSource(lying, settled, () => now),
        () => now,
      ),
    deliveries: {
      leave: async (name, records, minutes) => write(name, records, false, minutes),
      writeOn: async (name) =>
        write(
          name,
          [...(lying.get(name)?.records ?? []), ...FIXTURE.stations.records.slice(0, 1)],
          false,
          90,
        ),
      leaveSpoilt: async (name, minutes) => write(name, FIXTURE.stations.records, true, minutes),
      wait: async () => {
        now += MINUTE;
      },
      lying: async () => [...lying.keys()],
    },
  };
}

function toSource(lying: Map<string, Lying>, settled: Set<string>, now: () => number): Source {
  let closed = false;
  const idOf = ({ name, records, spoilt }: Lying) => JSON.stringify([name, spoilt, records]);
  const call = async <T>(options: CallOptions | undefined, work: () => T): Promise<T> => {
    if (closed || options?.signal?.aborted) throw new HubError('HUB_SOURCE_CLOSED', 'closed or cancelled');
    return work();
  };
  const unsupported = async (): Promise<never> => {
    throw new HubError('HUB_SOURCE_UNSUPPORTED', 'deliveries and nothing else');
  };
  const complete = (again: boolean) =>
    [...lying.values()]
      .filter((each) => now() - each.touched >= MINUTE && (again || !settled.has(idOf(each))))
      .sort((a, b) => a.time - b.time);
  const select: Source['select'] = (_object, { delivery = '', after, limit }, options) =>
    call(options, () => {
      const found = [...lying.values()].find((each) => idOf(each) === delivery);
      const seal = `${delivery}:`;
      if (found === undefined || (after !== undefined && !/^\d+$/.test(after.replace(seal, ''))))
        throw new HubError('HUB_SOURCE_CURSOR', 'no such delivery or cursor');
      if (found.spoilt) throw new HubError('HUB_SOURCE_FORMAT', `${found.name}: cannot be read`);
      const from = after === undefined ? 0 : Number(after.replace(seal, ''));
      const records = found.records.slice(from, from + limit);
      const end = from + records.length;
      const cursor = records.length === 0 ? (after ?? null) : `${seal}${end}`;
      return { records, cursor, last: end >= found.records.length, unpushed: [] };
    });
  return {
    capabilities: {
      describe: false,
      declares: false,
      readMany: false,
      select: true,
      scan: true,
      listen: false,
      spans: false,
      deliveries: true,
      digests: false,
      filter: [],
    },
    describe: unsupported,
    readMany: unsupported,
    digest: unsupported,
    listen: unsupported,
    select,
    async *scan(object, request, options) {
      for (let after = request.after; ; ) {
        const page: Page = await select(
          object,
          after === undefined ? request : { ...request, after },
          options,
        );
        yield page;
        if (page.last || page.cursor === null) return;
        after = page.cursor;
      }
    },
    deliveries: (_object, options) =>
      call(options, () =>
        complete(options?.again === true).map(
          (each): Delivery => ({
            id: idOf(each),
            name: each.name,
            receivedAt: new Date(each.time).toISOString(),
          }),
        ),
      ),
    settle: (_object, delivery, _end, options) =>
      call(options, () => {
        settled.add(delivery);
        for (const each of lying.values()) if (idOf(each) === delivery) lying.delete(each.name);
      }),
    close: async () => {
      closed = true;
    },
  };
}
