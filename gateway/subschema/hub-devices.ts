// The part of the hub's subschema about devices: how the hub stands with those who send to it. One statement a field. Their
// addresses stay in the store: they are the departments' networks.
import { GraphQLError } from 'graphql';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { DEVICES_OF, type DeviceRow, toDevicePageStatement } from '../compile/devices-sql.ts';
import { toPage } from '../compile/paging.ts';
import type { OperationContext } from './contract.ts';
import { HUB_DEVICES_SDL } from './hub-devices-sdl.ts';
import type { HubPart, HubRead } from './hub-part.ts';
import { toUnknownName } from './unknown-name.ts';

type DevicesArgs = {
  readonly unit?: string | null;
  readonly source?: string | null;
  readonly device?: string | null;
  readonly state?: string | null;
  readonly first?: number | null;
  readonly after?: string | null;
};

/** Kinds whose senders speak by themselves. */
const LISTENED: ReadonlySet<string> = new Set(['socket', 'mqtt']);

/** `cursorKey`: of the store, hex. */
export function toDevicesPart(units: readonly Unit[], read: HubRead, cursorKey: string): HubPart {
  const key = Buffer.from(cursorKey, 'hex');
  const devices = async (args: DevicesArgs, context: OperationContext) => {
    const page = toPage({ first: args.first, after: args.after }, DEVICES_OF, key);
    if (page instanceof GraphQLError) throw page;
    const { limit, after } = page;
    const wanted = toWanted(units, args);
    const rows = await read<DeviceRow>(
      toDevicePageStatement({ ...wanted, after, limit, cursorKey: key }),
      context,
    );
    return toConnection(rows, limit, after === null);
  };
  return { typeDefs: HUB_DEVICES_SDL, rootValue: { devices } };
}

/** Throws HUB_QUERY_INVALID: a name that nobody knows has no devices, and that would look like quiet. */
function toWanted(units: readonly Unit[], { unit = null, source = null, device = null, state }: DevicesArgs) {
  const known = units.filter((one) => unit === null || one.unit === unit);
  if (unit !== null && known.length === 0)
    throw toUnknownName(
      'unit',
      unit,
      units.map((one) => one.unit),
    );
  const listened = known.flatMap((one) => one.sources.filter(({ kind }) => LISTENED.has(kind)));
  const sources = [...new Set(listened.map(({ name }) => name))];
  if (source !== null && !sources.includes(source)) throw toUnknownName('source', source, sources);
  const connected = state == null ? null : state === 'CONNECTED';
  return { units: known.map((one) => one.unit), source, device, connected };
}

function toConnection(rows: readonly DeviceRow[], limit: number, isFirst: boolean) {
  const there = rows.filter(({ device }) => device !== null);
  const edges = there.slice(0, limit).map((row) => ({
    cursor: row.cursor,
    node: { ...row, unitCode: row.unit, state: row.connected === true ? 'CONNECTED' : 'DISCONNECTED' },
  }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    totalCount: rows[0]?.total ?? 0,
    pageInfo: {
      hasNextPage: there.length > limit,
      hasPreviousPage: !isFirst,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
