// A manifest of geological hazards over a SOAP service with pinyin fields: its pages become rows of two types, its alarms are
// asked by time.
import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from '@jest/globals';
import { openDivisions } from '../../../schema/divisions/open-divisions.ts';
import type { Page } from '../../kit/contract.ts';
import { parseManifest } from '../../kit/manifest/parse-manifest.ts';
import { compileMappings } from '../../kit/mapping/compile-mappings.ts';
import { known } from '../../kit/web/service.fixture.ts';
import { NAMESPACE, openSource, toHarness, toReturn, toXmlText } from './service.fixture.ts';

const harness = toHarness();
afterEach(harness.closeAll);

const DRAFT = new URL('../../kit/manifest/fixtures/drafts/natural-resources.yaml', import.meta.url);
const HAZARDS = Array.from(
  { length: 201 },
  (_, index) =>
    `<yhd><yhdbh>4311${String(index).padStart(8, '0')}</yhdbh><yhdmc>后山滑坡</yhdmc><yhdlx>01</yhdlx><lon>26.2</lon><lat>111.6</lat><qx>道县</qx><wxrsr>12</wxrsr><jczrr>张三</jczrr></yhd>`,
);
const ALARM =
  '<gj><gjbh>G1</gjbh><yhdbh>431100000000</yhdbh><gjsj>2026-04-05 08:10:00</gjsj><gjjb>1</gjjb><wy>3.5</wy></gj>';

test('hazards come page by page as rows of two types, and alarms by their interval', async () => {
  const text = (await readFile(DRAFT, 'utf8')).replace('kind: soap', 'kind: soap\n    contract: ?wsdl');
  const { unit } = parseManifest(text, { file: 'unit.yaml', folder: 'natural-resources' });
  const [spec] = unit?.sources ?? [];
  if (unit === null || spec === undefined) throw new Error('the manifest has faults');
  const mappings = compileMappings(unit, { divisions: await openDivisions() });
  const service = await harness.serve(({ body }) => {
    const argumentOf = (name: string) => new RegExp(`<${name}>([^<]*)<`).exec(body)?.[1] ?? '';
    if (body.includes('getJcgjList')) return toReturn(toXmlText(`<list>${ALARM}</list>`), 'getJcgjList');
    const [no, size] = [Number(argumentOf('pageNo')), Number(argumentOf('pageSize'))];
    return toReturn(toXmlText(`<list>${HAZARDS.slice((no - 1) * size, no * size).join('')}</list>`));
  });
  const source = harness.keep(
    await openSource({
      ...{ unit: 'natural-resources', name: spec.name, url: `${service.url}/services/Yhd`, zone: spec.zone },
      ...{
        inFlight: 1,
        timeoutMs: 5000,
        pageRows: 100,
        rate: null,
        fileBytes: 1_000_000,
        columnCase: 'exact',
      },
      options: { ...spec.settings, auth: { basic: { user: known('hub'), password: known('s3cret') } } },
      objects: spec.objects.map(({ name, settings }) => ({ name, options: settings })),
    }),
  );
  const read = async (object: string) => {
    const mapping = mappings.find((one) => one.object === object);
    if (mapping === undefined) throw new Error(`nothing reads ${object}`);
    const span = { from: '2026-04-05T00:00:00Z', to: '2026-04-05T01:00:00Z' };
    const pages: Page[] = [];
    for await (const page of source.scan(object, { columns: mapping.columns, limit: 100, span }))
      pages.push(page);
    const context = { now: Date.parse('2026-04-05T01:00:00Z'), receivedAt: '2026-04-05T01:00:00Z' };
    return pages.flatMap(({ records }) => records.flatMap((record) => mapping.map(record, context)));
  };
  const hazards = await read('hazards');
  const rows = hazards.flatMap((outcome) => (outcome.kind === 'row' ? [outcome.row] : []));
  expect(rows).toHaveLength(2 * HAZARDS.length);
  expect(rows.find(({ type }) => type === 'GeoHazardPoint')?.values).toMatchObject({
    code: '431100000000',
    kind: 'LANDSLIDE',
    location: { lon: expect.closeTo(111.6, 2), lat: expect.closeTo(26.2, 2) },
    people: 12,
  });
  const [alarm] = await read('alarms');
  expect(alarm).toMatchObject({
    kind: 'row',
    row: { type: 'MonitorAlarm', observedAt: '2026-04-05T00:10:00Z', values: { level: 'RED' } },
  });
  expect(service.asked.map(({ headers }) => headers.soapaction)).toEqual([
    ...[`"${NAMESPACE}getYhdList"`, `"${NAMESPACE}getYhdList"`, `"${NAMESPACE}getJcgjList"`],
  ]);
  expect(service.asked.at(-1)?.body).toContain(
    '<kssj>2026-04-05 08:00:00</kssj><jssj>2026-04-05 09:00:00</jssj>',
  );
});
