// What the department has against what the hub has, in plain SQL of this test's own: no line of the hub is used. Keys and
// contents are made as the same text on both sides.
import type { Query } from './world.ts';

export type Difference = {
  readonly check: string;
  readonly table: string;
  readonly key: string;
  readonly what: string;
};

type Pair = {
  readonly table: string;
  readonly hub: string;
  /** The key as `audit` has it, from the legacy table's columns and from the hub's. */
  readonly legacyKey: string;
  readonly hubKey: string;
  readonly text: string;
  /** Of the legacy rows: what is not deleted, and can be mapped. */
  readonly living: string;
};

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS`;
/** As jsonb writes a timestamp: no fraction where there is none, and no zeros at its end. */
const toWallClock = (zone: string) => {
  const wall = `(observed_at at time zone '${zone}')`;
  return `station_code || '~' || to_char(${wall}, ${ISO}') || rtrim(rtrim(to_char(${wall}, '.MS'), '0'), '.')`;
};
const LEGACY_CLOCK = `trim(stcd) || '~' || (to_jsonb(t)->>'tm')`;

export const PAIRS: readonly Pair[] = [
  {
    table: 'st_stbprp_b',
    hub: 'station',
    legacyKey: 'trim(stcd)',
    hubKey: 'code',
    text: 'stnm',
    living: 'true',
  },
  {
    table: 'st_river_r',
    hub: 'river_reading',
    legacyKey: LEGACY_CLOCK,
    hubKey: toWallClock('Asia/Shanghai'),
    text: 'z',
    living: `deleted = '0' and stcd <> ''`,
  },
  {
    table: 'st_pptn_r',
    hub: 'rain_reading',
    legacyKey: LEGACY_CLOCK,
    hubKey: toWallClock('UTC'),
    text: 'z',
    living: 'true',
  },
  ...['gate_event', 'permit', 'report'].map((table) => {
    return { table, hub: table, legacyKey: 'id::text', hubKey: 'code', text: 'z', living: 'true' };
  }),
];

/** Everything that differs; empty when nothing was lost, doubled, put back, invented or braked. */
export async function compareAll(legacy: Query, hub: Query): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  for (const pair of PAIRS) {
    found.push(...(await compareLiving(pair, legacy, hub)));
    found.push(...(await compareHistory(pair, legacy, hub)));
  }
  found.push(...(await compareSetAside(legacy, hub)), ...(await findBrakes(hub)));
  return found;
}

type Row = { readonly key: string; readonly content: string };

async function compareLiving(pair: Pair, legacy: Query, hub: Query): Promise<readonly Difference[]> {
  const { table, legacyKey, hubKey, text, living } = pair;
  const theirs = await legacy<Row>(
    `select ${legacyKey} as key, rev || ' ' || coalesce(${text}, '') as content from ${table} t where ${living}`,
  );
  const ours = await hub<Row>(
    `select ${hubKey} as key, rev || ' ' || coalesce(name, '') as content from chaos.${pair.hub} where _gone_at is null`,
  );
  const differ = (check: string) => (key: string, what: string) => ({ check, table, key, what });
  const stored = new Map(ours.map(({ key, content }) => [key, content]));
  const present = new Set(theirs.map(({ key }) => key));
  const [counted] = await hub<{ counted: string }>(
    `select rows_living as counted from hub.type_state where unit = 'chaos' and lower(type) = '${pair.hub.replaceAll('_', '')}'`,
  );
  return [
    ...theirs.filter(({ key }) => !stored.has(key)).map(({ key, content }) => differ('lost')(key, content)),
    ...theirs
      .filter(({ key, content }) => stored.has(key) && stored.get(key) !== content)
      .map(({ key, content }) => differ('outdated')(key, `${stored.get(key)}, must be ${content}`)),
    ...ours
      .filter(({ key }) => !present.has(key))
      .map(({ key, content }) => differ('not deleted')(key, content)),
    ...toDoubles(ours).map((key) => differ('doubled')(key, 'more than one living row')),
    ...(Number(counted?.counted) === ours.length
      ? []
      : [differ('miscounted')('rows_living', `${counted?.counted}, must be ${ours.length}`)]),
  ];
}

function toDoubles(rows: readonly Row[]): readonly string[] {
  const seen = new Set<string>();
  return rows.map(({ key }) => key).filter((key) => seen.size === seen.add(key).size);
}

type Version = {
  readonly key: string;
  readonly rev: number;
  readonly was: number | null;
  readonly overlaps: boolean;
};

/** Revisions only grow, versions do not overlap in time, and each of them stood in the department once. */
async function compareHistory(pair: Pair, legacy: Query, hub: Query): Promise<readonly Difference[]> {
  const { table, hubKey } = pair;
  const versions = await hub<Version & { name: string | null; gone: boolean }>(
    `with v as (
       select ${hubKey} as key, rev, name, _gone_at is not null as gone, _version, _known_from, null::timestamptz as _known_to from chaos.${pair.hub}
       union all
       select ${hubKey}, rev, name, _gone_at is not null, _version, _known_from, _known_to from chaos.${pair.hub}_history)
     select key, rev, name, gone, lag(rev) over w as was, coalesce(lag(_known_to) over w > _known_from, false) as overlaps
       from v window w as (partition by key order by _version, _known_from)`,
  );
  const audit = await legacy<{ version: string }>(
    `select key || ' ' || rev || ' ' || coalesce(z, '') as version from audit where tab = '${table}'`,
  );
  const stood = new Set(audit.map(({ version }) => version));
  return versions.flatMap(({ key, rev, name, was, overlaps }) => {
    const differ = (check: string, what: string): Difference => ({ check, table, key, what });
    return [
      ...(was !== null && was > rev ? [differ('put back', `revision ${rev} after ${was}`)] : []),
      ...(overlaps ? [differ('overlapping', `revision ${rev} was known before ${was} ended`)] : []),
      ...(stood.has(`${key} ${rev} ${name ?? ''}`) ? [] : [differ('invented', `revision ${rev}`)]),
    ];
  });
}

/** Readings without a station are set aside, each once; nothing else is, and nothing waits any more. */
async function compareSetAside(legacy: Query, hub: Query): Promise<readonly Difference[]> {
  const theirs = await legacy<{ z: string }>(`select z from st_river_r where stcd = ''`);
  const ours = await hub<{ z: string | null; state: string; code: string; object: string }>(
    `select record->>'z' as z, state, code, object from hub.set_aside`,
  );
  const kept = ours.filter(({ code }) => code === 'HUB_MAP_KEY_EMPTY').map(({ z }) => z);
  const differ = (check: string, key: string, what: string) => ({ check, table: 'hub.set_aside', key, what });
  return [
    ...theirs
      .filter(({ z }) => !kept.includes(z))
      .map(({ z }) => differ('dropped', z, 'neither landed nor kept')),
    ...(kept.length === theirs.length
      ? []
      : [differ('doubled', '*', `${kept.length}, must be ${theirs.length}`)]),
    ...ours
      .filter(({ code }) => code !== 'HUB_MAP_KEY_EMPTY')
      .map(({ z, state, code, object }) => differ('left over', `${object} ${z}`, `${state} ${code}`)),
  ];
}

async function findBrakes(hub: Query): Promise<readonly Difference[]> {
  const braked = await hub<{ id: string; object: string; message: string }>(
    `select id, object, error_message as message from hub.run where error_code = 'HUB_SYNC_DELETE_BRAKE'`,
  );
  return braked.map(({ id, object, message }) => ({
    check: 'braked',
    table: object,
    key: id,
    what: message,
  }));
}
