// The world of the conformance suite for a service over HTTP: FIXTURE as lists that a service pages through, on a real wire that
// can be spoilt. How a page is said and how it is asked for is the kind's.
import { FIXTURE, type ObjectName } from '../conformance/fixture.ts';
import { openWire } from '../conformance/wire.ts';
import type { Waiver, World } from '../conformance/world.ts';
import type { Source, SourceRecord, SourceSettings } from '../contract.ts';
import { type Asked, openService, type Reply } from './service.fixture.ts';

export const OBJECTS = Object.keys(FIXTURE) as ObjectName[];
export const SECRET = 's3cr3t-key';

const MISSING = 'manifest §6: in JSON and XML a missing column is null; missing from a whole run it is drift';

export const WEB_WAIVERS: readonly Waiver[] = [
  {
    id: 'C01',
    reason:
      'a contract over http declares no keys, and a page no types: what describe() tells is in describe.test.ts',
  },
  { id: 'C02', reason: 'names over http have a case; a manifest says otherwise by `columnCase`' },
];

/** Of kinds whose service leaves out a column that it does not have. */
export const SILENT_WAIVERS: readonly Waiver[] = [
  ...WEB_WAIVERS,
  { id: 'C22', reason: MISSING },
  { id: 'C25', reason: MISSING },
];

export type List = { columns: readonly string[]; readonly records: SourceRecord[] };
export type Lists = ReadonlyMap<string, List>;

export type WebWorld = {
  toAnswer(lists: Lists): (asked: Asked) => Reply | Promise<Reply>;
  /** `url` holds SECRET. */
  toSettings(url: string): SourceSettings;
  open(settings: SourceSettings): Promise<Source>;
  readonly dropColumn?: World['dropColumn'];
};

export async function openWebWorld({ toAnswer, toSettings, open, dropColumn }: WebWorld): Promise<World> {
  const lists = new Map<string, List>(
    OBJECTS.map((object) => [
      object,
      { columns: FIXTURE[object].columns.map(({ name }) => name), records: [...FIXTURE[object].records] },
    ]),
  );
  // A service answers in its own order: this one by time, and what is new at the end.
  lists.get('readings')?.records.sort((a, b) => (String(a.tm) < String(b.tm) ? -1 : 1));
  const service = await openService(toAnswer(lists));
  const wire = await openWire('127.0.0.1', service.port);
  const sources: Source[] = [];
  return {
    names: Object.fromEntries(OBJECTS.map((object) => [object, object])) as World['names'],
    secret: SECRET,
    async open(overrides = {}) {
      const settings = toSettings(`http://127.0.0.1:${wire.port}/${SECRET}`);
      const source = await open({ ...settings, ...overrides });
      sources.push(source);
      return source;
    },
    async insert(object, records) {
      lists.get(object)?.records.push(...records);
    },
    dropColumn:
      dropColumn ??
      (async (object, column) => {
        const list = lists.get(object);
        if (list !== undefined) list.columns = list.columns.filter((name) => name !== column);
      }),
    faults: wire,
    connections: service.connections,
    async close() {
      await Promise.all(sources.map((source) => source.close()));
      await wire.close();
      await service.close();
    },
  };
}
