import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import { HOUR } from '../storm/storm.ts';
import { NAMESPACE } from './envelope.ts';
import { openResourcesSystem, type ResourcesSystem, USER } from './system.ts';

const START = Date.parse('2026-04-04T21:20:00Z');
const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false, htmlEntities: true });

type Row = Readonly<Record<string, string>>;
type List = { readonly total?: string; readonly yhd?: readonly Row[]; readonly gj?: Row | readonly Row[] };

let folder: string;
let system: ResourcesSystem;
const open = () =>
  openResourcesSystem({
    ...{ folder, port: 0, seed: 1, days: 2, log: () => undefined },
    clock: { start: START, frozen: true, wall: () => START + 90 * 24 * HOUR },
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-resources-'));
  system = await open();
});
afterEach(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

const toHeaders = (password = system.credentials.password) => ({
  authorization: `Basic ${Buffer.from(`${USER}:${password}`).toString('base64')}`,
});
const post = (body: string, password?: string) =>
  fetch(system.url, {
    method: 'POST',
    headers: { ...toHeaders(password), 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
    body,
  });
const toEnvelope = (inner: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${inner}</s:Body></s:Envelope>`;
const call = (operation: string, args: string) =>
  post(toEnvelope(`<q:${operation} xmlns:q="${NAMESPACE}">${args}</q:${operation}>`));
/** What stands in the document in the return element. */
const ask = async (operation: string, args: string): Promise<List> => {
  const { Envelope } = parser.parse(await (await call(operation, args)).text());
  return parser.parse(Envelope.Body[`${operation}Response`][`${operation}Return`]).list;
};
const toPage = (page: number) => `<pageNo>${page}</pageNo><pageSize>100</pageSize>`;
const askAlarms = async (from: string, to: string) => {
  const { gj = [] } = await ask('getJcgjList', `<kssj>${from}</kssj><jssj>${to}</jssj>`);
  return [gj].flat();
};
const askHazards = async () => {
  const pages = [];
  for (const page of [1, 2, 3]) pages.push(await ask('getYhdList', toPage(page)));
  return pages.flatMap(({ yhd = [] }) => yhd);
};

describe('the natural resources bureau’s service', () => {
  test('gives its register as XML text inside the return element, page by page', async () => {
    const rows = await askHazards();
    const { hazards } = system.ledger();
    expect((await ask('getYhdList', toPage(9))).total).toBe(String(hazards.length));
    expect(rows.map(({ yhdbh }) => yhdbh)).toEqual(hazards.map(({ code }) => code));
    expect(hazards.length).toBeGreaterThan(150);
    for (const [index, row] of rows.entries()) {
      const { position, isRighted, propertyYuan } = hazards[index] ?? {};
      const [latitude, longitude] = isRighted ? [row.lat, row.lon] : [row.lon, row.lat];
      expect([Number(longitude), Number(latitude)]).toEqual([position?.lon, position?.lat]);
      expect(Math.round(Number(row.wxccwy) * 10_000)).toBe(propertyYuan);
    }
  });

  test('has every trap: axes, counties, five spellings of a date, words of old, phone numbers as people write them', async () => {
    const rows = await askHazards();
    const { hazards } = system.ledger();
    const count = (holds: (row: Row) => boolean) => rows.filter(holds).length;
    expect(count(({ lon }) => Number(lon) < 90) > count(({ lon }) => Number(lon) > 90)).toBe(true);
    expect(
      hazards.filter(({ county, statedVillage }) => !statedVillage.startsWith(county)).length,
    ).toBeGreaterThan(2);
    const shapes = new Set(rows.map(({ yhdfxsj = '' }) => yhdfxsj.replace(/\d+/g, '#')));
    expect([...shapes].toSorted()).toEqual(['#', '#-#', '#-#-#', '#/#/#', '#年#月#日']);
    const traps = [
      count(({ qx }) => qx === '祁阳县'),
      count(({ yhdlx }) => yhdlx === '高切坡'),
      count(({ yhdlx }) => yhdlx === '01'),
      count(({ xqdj }) => xqdj === ''),
      ...['暂无', '-', '+86 ', '１'].map((word) => count(({ jczrrdh = '' }) => jczrrdh.includes(word))),
      count(({ jczrrdh = '' }) => /^\d+ \d+ \d+$/.test(jczrrdh)),
    ];
    expect(traps.map((found) => found > 0)).toEqual(traps.map(() => true));
  });

  test('tells the alarms of a span in Beijing time, both ends with it, and none as an empty list', async () => {
    const rows = await askAlarms('2026-04-04 05:20:00', '2026-04-05 05:20:00');
    const { alarms } = system.ledger();
    const day = alarms.filter(({ observedAt }) => Date.parse(observedAt) >= START - 24 * HOUR);
    expect(rows.map(({ gjbh }) => gjbh)).toEqual(day.map(({ number }) => number));
    expect(rows.length).toBeGreaterThan(20);
    expect(await askAlarms('2020-01-01 00:00:00', '2020-01-01 01:00:00')).toEqual([]);
    const last = rows.at(-1);
    expect(await askAlarms(last?.gjsj ?? '', last?.gjsj ?? '')).toContainEqual(last);
  });

  test('has alarms that arrive hours late', async () => {
    const before = system.ledger().alarms.map(({ number }) => number);
    system.clock.moveTo(START + 8 * HOUR);
    const late = system
      .ledger()
      .alarms.filter(({ number, observedAt }) => Date.parse(observedAt) < START && !before.includes(number));
    expect(late.length).toBeGreaterThan(0);
  });

  test('strikes two points off by its second issue, keeps their alarms, and counts one anew', async () => {
    const first = system.ledger();
    system.clock.moveTo(system.secondIssueAt);
    const second = system.ledger();
    const codes = new Set(second.hazards.map(({ code }) => code));
    const gone = first.hazards.filter(({ code }) => !codes.has(code));
    expect(gone).toHaveLength(2);
    const kept = second.hazards.filter(
      ({ code, people }) => people !== first.hazards.find((one) => one.code === code)?.people,
    );
    expect(kept).toHaveLength(1);
    expect(second.alarms.slice(0, first.alarms.length).length).toBe(first.alarms.length);
  });

  test.each([
    ['<x:other xmlns:x="urn:x"/>', 'Client'],
    [`<q:getAll xmlns:q="${NAMESPACE}"/>`, 'Client'],
    [`<q:getYhdList xmlns:q="${NAMESPACE}"><pageNo>0</pageNo></q:getYhdList>`, 'Client'],
    [
      `<q:getJcgjList xmlns:q="${NAMESPACE}"><kssj>2026-04-01 00:00:00</kssj><jssj>2026-04-05 00:00:00</jssj></q:getJcgjList>`,
      'Client',
    ],
  ])('answers HTTP 500 with a Fault for %s', async (inner, code) => {
    const response = await post(toEnvelope(inner));
    const { Envelope } = parser.parse(await response.text());
    expect([response.status, Envelope.Body.Fault.faultcode]).toEqual([500, `soapenv:${code}`]);
  });

  test('speaks SOAP 1.1 alone, lets nobody in without the password, and reads no document type', async () => {
    expect((await post('<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"/>')).status).toBe(500);
    expect((await post(toEnvelope('<!DOCTYPE a [<!ENTITY b "c">]>'))).status).toBe(500);
    expect((await post(toEnvelope(''), 'wrong')).status).toBe(401);
    expect((await fetch(`${system.url}x`)).status).toBe(404);
  });

  test('describes itself at ?wsdl: both operations, document/literal, at this address', async () => {
    const text = await (await fetch(`${system.url}?wsdl`, { headers: toHeaders() })).text();
    const { definitions } = parser.parse(text);
    expect(definitions.portType.operation).toHaveLength(2);
    expect(definitions.binding.binding).toBeDefined();
    expect(text).toContain(`<soap:address location="${system.url}"/>`);
    expect(text).toContain('style="document"');
  });

  test('says the same after a stop and a start, to the same user', async () => {
    const [{ credentials }, before] = [system, await askHazards()];
    await system.close();
    system = await open();
    expect(system.credentials).toEqual(credentials);
    expect(await askHazards()).toEqual(before);
  });
});
