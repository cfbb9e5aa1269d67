// Devices as a client of the stitched gateway asks for them.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openStitched, type Stitched } from './fixtures/open-stitched.ts';

type Devices = {
  readonly devices: {
    readonly nodes: readonly { readonly device: string; readonly [field: string]: unknown }[];
    readonly edges: readonly { readonly cursor: string }[];
    readonly pageInfo: { readonly [field: string]: unknown };
    readonly totalCount: number;
  } | null;
};

let world: Stitched;
beforeAll(async () => {
  world = await openStitched();
  await world.city.run(`insert into hub.device (unit, source, device, peer, connected, connected_at, heard_at, disconnected_at, frames, refused, reason) values
    ('hydrology', 'port', '0010100001', '10.1.2.3', true, '2026-04-05T00:00:00Z', '2026-04-05T08:09:00Z', null, 9007199254740993, 2, 'CHECKSUM'),
    ('hydrology', 'port', '0010100002', '10.1.2.4', false, null, '2026-04-05T07:00:00Z', '2026-04-05T07:01:00Z', 5, 0, 'no sound frame for too long'),
    ('hydrology', 'port', 'a "quoted" 站', null, true, null, null, null, 0, 0, null),
    ('water', 'port', '0010100001', null, true, null, null, null, 1, 0, null),
    ('gone', 'port', 'x', null, true, null, null, null, 1, 0, null)`);
});
afterAll(() => world.close());

const FIELDS = 'unitCode source device state connectedAt heardAt disconnectedAt frames refused reason';
const ask = (args: string) =>
  world.ask<Devices>(
    `{ devices${args} { totalCount nodes { ${FIELDS} } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } } }`,
  );
const toNames = (devices: Devices['devices']) => devices?.nodes.map(({ device }) => device);

describe('devices', () => {
  test('tell how the hub stands with each sender, and not where it speaks from', async () => {
    const { data, errors, hubStatements } = await ask('(unit: "hydrology", first: 2)');
    expect(errors).toBeUndefined();
    expect(data.devices).toMatchObject({
      totalCount: 3,
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
      nodes: [
        {
          ...{
            unitCode: 'hydrology',
            source: 'port',
            device: '0010100001',
            state: 'CONNECTED',
            disconnectedAt: null,
          },
          ...{ connectedAt: '2026-04-05T00:00:00Z', heardAt: '2026-04-05T08:09:00Z' },
          ...{ frames: '9007199254740993', refused: '2', reason: 'CHECKSUM' },
        },
        { device: '0010100002', state: 'DISCONNECTED', disconnectedAt: '2026-04-05T07:01:00Z', refused: '0' },
      ],
    });
    expect(JSON.stringify(data)).not.toContain('10.1.2');
    expect(hubStatements).toHaveLength(1);
  });

  test('come page by page, none twice, whatever their names hold', async () => {
    const names: (string | undefined)[] = [];
    let after = '';
    for (let page = 0; page < 5; page += 1) {
      const { data } = await ask(`(first: 1${after})`);
      names.push(...(toNames(data.devices) ?? []));
      if (data.devices?.pageInfo.hasNextPage !== true) break;
      after = `, after: "${data.devices.pageInfo.endCursor}"`;
    }
    expect(names).toEqual(['0010100001', '0010100002', 'a "quoted" 站', '0010100001']);
  });

  test('are chosen by source, name and state; where there are none the number is 0', async () => {
    expect(toNames((await ask('(source: "port", state: DISCONNECTED)')).data.devices)).toEqual([
      '0010100002',
    ]);
    expect((await ask('(device: "0010100001")')).data.devices).toMatchObject({ totalCount: 2 });
    expect((await ask('(device: "nobody")')).data.devices).toMatchObject({
      totalCount: 0,
      nodes: [],
      edges: [],
    });
  });

  test('refuse a name that nobody knows and a cursor that was edited', async () => {
    const refused = [
      ['(unit: "hydro")', 'HUB_QUERY_INVALID', /"unit" names "hydro".* there are: hydrology, water/],
      ['(source: "fax")', 'HUB_QUERY_INVALID', /"source" names "fax".* there are: port/],
      ['(first: 1001)', 'HUB_QUERY_LIMIT', /"first" must be 0 to 1000/],
      ['(after: "MQ")', 'HUB_QUERY_CURSOR', /"after" is no cursor of this list of DeviceStatus/],
    ] as const;
    for (const [args, code, message] of refused) {
      const { data, errors } = await ask(args);
      expect(data.devices).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code }, message: expect.stringMatching(message) }]);
    }
  });
});
