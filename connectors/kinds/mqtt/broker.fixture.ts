// A source at a real broker, for tests: publishers on one side, a hub that takes a batch when it is told to on the other, and
// between broker and source a wire that can hang or break.
import { openTaker } from '../../../test/support/batch-taker.ts';
import { PASSWORD, type TestBroker } from '../../../test/support/mqtt-brokers.ts';
import { openPublisher } from '../../../test/support/mqtt-publisher.ts';
import { csvCodec } from '../../codecs/csv/csv-codec.ts';
import { gb26875Codec } from '../../codecs/gb26875/gb26875-codec.ts';
import { hj212Codec } from '../../codecs/hj212/hj212-codec.ts';
import { jsonCodec } from '../../codecs/json/json-codec.ts';
import { xmlCodec } from '../../codecs/xml/xml-codec.ts';
import type { Codecs } from '../../kit/codec.ts';
import { openWire } from '../../kit/conformance/wire.ts';
import type { DeviceNotice, Known, SourceSettings } from '../../kit/contract.ts';
import type { FrameCodec } from '../../kit/frame-codec.ts';
import { type Clock, wallClock } from '../../kit/resilience/clock.ts';
import { openMqttSource } from './open-mqtt-source.ts';

const FRAMES: readonly FrameCodec[] = [gb26875Codec, hj212Codec];
export const codecs: Codecs = {
  documents: new Map([jsonCodec, xmlCodec].map((codec) => [codec.name, codec])),
  tables: new Map([[csvCodec.name, csvCodec]]),
  books: new Map(),
  frames: new Map(FRAMES.map((codec) => [codec.name, codec])),
};

export const known = (value: string): Known => ({
  reveal: () => value,
  toString: () => '***',
  toJSON: () => '***',
});

type Words = { readonly [key: string]: unknown };
export type SettingsOptions = {
  readonly port?: number;
  readonly url?: string;
  /** Before every topic, so that tests at one broker do not meet. */
  readonly prefix?: string;
  readonly options?: Words;
  readonly objects?: { readonly [name: string]: Words };
  readonly inFlight?: number;
  readonly timeoutMs?: number;
  readonly frameBytes?: number;
};

/** As the manifest of the fire brigade has them. */
const toObjects = (prefix: string): { readonly [name: string]: Words } => ({
  frames: { topics: [`${prefix}fire/{site}/up/frame`], codec: 'gb26875', payload: 'hex', message: ['2'] },
  others: {
    topics: [`${prefix}fire/{site}/up/frame`],
    codec: 'gb26875',
    payload: 'hex',
    message: ['1', '3', '4', '5'],
    use: 'ignore',
  },
  json: { topics: [`${prefix}fire/{site}/up/json`], codec: 'json' },
  state: { topics: [`${prefix}fire/{site}/online`], codec: 'json', use: 'heartbeat' },
});

export function toSettings(change: SettingsOptions = {}): SourceSettings {
  const { port = 1883, prefix = '', options, objects = toObjects(prefix) } = change;
  const { inFlight = 100, timeoutMs = 10_000, frameBytes = 65_536 } = change;
  return {
    ...{ unit: 'fire-rescue', name: 'monitor', zone: 'Asia/Shanghai', columnCase: 'exact' },
    ...{ inFlight, timeoutMs, pageRows: 1000, rate: null, fileBytes: 1 },
    url: change.url ?? `mqtt://127.0.0.1:${port}`,
    peers: { connections: 100, frameBytes },
    options: {
      auth: { basic: { user: known('hub'), password: known(PASSWORD) } },
      session: { client: `hub-test-${prefix.replaceAll('/', '-')}`, expires: 'PT10M' },
      qos: 1,
      ...options,
    },
    objects: Object.entries(objects).map(([name, own]) => ({ name, options: own })),
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;
export type WorldOptions = Omit<SettingsOptions, 'prefix'> & {
  readonly clock?: Clock;
  readonly keepAliveSeconds?: number;
};

/** Not listening yet. Leaves nothing at the broker: neither its session nor what was retained. */
export async function openWorld(broker: TestBroker, options: WorldOptions = {}) {
  const { clock = wallClock, keepAliveSeconds = 30, ...change } = options;
  const prefix = `hub-test/${process.pid}-${Math.random().toString(36).slice(2, 8)}/`;
  const wire = await openWire('127.0.0.1', broker.port);
  const settings = toSettings({ port: wire.port, ...change, prefix });
  const source = openMqttSource(settings, { codecs, clock, keepAliveSeconds });
  const [hub, ended, notices] = [openTaker(), [] as Error[], [] as DeviceNotice[]];
  const sender = await openPublisher(broker);
  const retained = new Set<string>();
  return {
    ...{ source, hub, ended, notices, wire, prefix },
    /** The function that ends it. */
    listen: (signal?: AbortSignal) =>
      source.listen((batch) => hub.take(batch), {
        ...(signal === undefined ? {} : { signal }),
        onEnd: (error) => ended.push(error),
        onDevices: (news) => notices.push(...news),
      }),
    /** Resolves when the broker has it. */
    publish: (
      topic: string,
      payload: string | Uint8Array,
      how: { readonly qos?: 1 | 2; readonly retain?: boolean } = {},
    ) => {
      if (how.retain === true) retained.add(topic);
      return sender.publish(`${prefix}${topic}`, payload, how);
    },
    close: async () => {
      hub.open();
      wire.heal();
      await source.close();
      for (const topic of retained) await sender.publish(`${prefix}${topic}`, '', { retain: true });
      sender.close();
      const client = `hub-test-${prefix.replaceAll('/', '-')}`;
      (await openPublisher({ ...broker, client })).close();
      await wire.close();
    },
  };
}
