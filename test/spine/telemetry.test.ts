// Stations that send by themselves, from the frame to a client: SL 651 over TCP, through the hydrology centre's manifest.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeHex, type Report } from '../../connectors/codecs/sl651/encode.fixture.ts';
import { openStation, type Station, settled } from '../../connectors/kinds/socket/peers.fixture.ts';
import { findAnyPort } from '../../postgres/ports.ts';
import { parseStations } from '../../sandbox/hydrology/station.ts';
import { eventually } from '../support/eventually.ts';
import { closeWorld } from './close-all.ts';
import { type Legacy, openLegacy } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';

let legacy: Legacy;
let spine: Spine;
let port: number;
const stations: Station[] = [];

beforeAll(async () => {
  port = await findAnyPort();
  legacy = await openLegacy({ stations: parseStations().filter(({ addvcd }) => addvcd === '431124') });
  const secrets = { HYDROLOGY_TELEMETRY_PORT: String(port), HYDROLOGY_RTU_PASSWORD: 'A000' };
  spine = await openSpine({ legacy, secrets });
  await spine.firstLoad;
}, 60_000);
afterAll(async () => {
  for (const { socket } of stations) socket.destroy();
  await closeWorld(spine, legacy);
});

async function connectStation(): Promise<Station> {
  const station = await eventually(() => openStation(port).catch(() => null), { what: 'the open port' });
  stations.push(station);
  return station;
}

/** 道县's gauge sends its stage, at a minute that the fork's tables do not have. */
function toFrame(serial: string, change: Partial<Report> = {}): Uint8Array {
  const [address, observedAt] = ['0061521090', '2604050521'];
  return encodeHex({
    ...{ center: 1, address, password: 'A000', word: '32', serial, sentAt: `${observedAt}00` },
    groups: [{ station: address, type: 'H', observedAt, elements: { '39': '187.654' } }],
    ...change,
  });
}

const STAGE =
  '{ division(code: "431124") { hydroStations { nodes { code latestRiver { stage observedAt } } } } }';
type Stages = {
  readonly division: {
    readonly hydroStations: {
      readonly nodes: readonly { readonly code: string; readonly latestRiver: unknown }[];
    };
  };
};

test('a report is answered once it is a row, by its telemetry address that of its station, and a client sees it', async () => {
  const station = await connectStation();
  station.send(toFrame('0007'));
  await settled(station, 1);
  expect(station.answered()).toEqual([7]);
  const { data, errors } = await spine.ask<Stages>(STAGE);
  expect(errors).toEqual([]);
  expect(data?.division.hydroStations.nodes.find(({ code }) => code === '61521090')).toMatchObject({
    latestRiver: { stage: 187.654, observedAt: '2026-04-04T21:21:00Z' },
  });
});

test('the same report once more is answered again and changes nothing', async () => {
  const station = await connectStation();
  station.send(toFrame('0007'), toFrame('0007'));
  await settled(station, 2);
  const rows = await spine.query("select stage from hydrology.river_reading where stage = '187.654'");
  expect(rows).toHaveLength(1);
});

test('what nobody can read is kept for a person; a stranger is sent away and leaves nothing', async () => {
  const [own, stranger] = [await connectStation(), await connectStation()];
  stranger.send(toFrame('0008', { password: 'A00F' }));
  await eventually(stranger.isClosed, { what: 'the cut' });
  own.send(toFrame('0009', { word: '34' }));
  await settled(own, 1);
  const kept = await spine.query("select code from hub.set_aside where source = 'telemetry'");
  expect(kept).toEqual([{ code: 'HUB_MAP_NO_FORM' }]);
});

test('reports of the storm come in while the tables are read: none is lost, and each is answered', async () => {
  const senders = await Promise.all(Array.from({ length: 8 }, connectStation));
  const toMinute = (at: number) => `26040504${String(at).padStart(2, '0')}`;
  const minutes = Array.from({ length: 60 }, (_, at) => at).filter((at) => at % 5 !== 0);
  const reading = spine.sync('st_river_r');
  for (const [index, sender] of senders.entries())
    for (const at of minutes.filter((minute) => minute % 8 === index)) {
      const elements = { '39': '188.001' };
      const group = { station: '0061521090', type: 'H', observedAt: toMinute(at), elements };
      sender.send(toFrame(String(1000 + at), { groups: [group] }));
    }
  for (const [index, sender] of senders.entries())
    await settled(sender, minutes.filter((minute) => minute % 8 === index).length);
  expect((await reading).state).toBe('SUCCEEDED');
  const rows = await spine.query("select 1 from hydrology.river_reading where stage = '188.001'");
  expect(rows).toHaveLength(minutes.length);
});
