// What is true of the cameras and the grid members, UTC and WGS84, before anything was shifted, shuffled or encoded.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { State } from '../drop/state.ts';
import { type Camera, type CameraState, isThere, toState } from './camera.ts';
import { planLists } from './list.ts';
import { COUNTIES, type Issue, type Member, toMembers } from './member.ts';
import type { Platform, SentCatalog, SentNotice } from './platform.ts';

export type CameraEntry = Omit<Camera, 'index' | 'place' | 'from' | 'to'> & {
  readonly lon: number;
  readonly lat: number;
  readonly state: CameraState;
};
export type MemberEntry = Omit<Member, 'village'> & {
  readonly county: string;
  readonly town: string;
  readonly village: string;
  /** Twelve digits. */
  readonly villageCode: string;
};

export type Ledger = {
  /** Those that stand now, the secret ones too. */
  readonly cameras: readonly CameraEntry[];
  /** Those that were taken down. */
  readonly gone: readonly string[];
  readonly notices: readonly (Omit<SentNotice, 'at'> & { readonly at: string })[];
  readonly catalogs: readonly SentCatalog[];
  readonly isRegistered: boolean;
  /** Those of each county's newest list. */
  readonly members: readonly MemberEntry[];
  readonly filesDropped: readonly string[];
};

export function toLedger(
  state: State<DroppedList>,
  cameras: readonly Camera[],
  platform: Platform,
  now: Instant,
): Ledger {
  const dropped = new Set(state.files.map(({ name }) => name));
  const lists = planLists(state, state.from - 1, now).filter(({ name }) => dropped.has(name));
  const issueOf = (county: string): Issue | null =>
    lists.findLast((list) => list.county === county)?.issue ?? null;
  return {
    cameras: cameras
      .filter((camera) => isThere(camera, now))
      .map((camera) => ({ ...toEntryOf(camera), state: toState(state.seed, camera, now) })),
    gone: cameras.flatMap(({ id, to }) => (to !== null && to <= now ? [id] : [])),
    notices: platform.notices.map((notice) => ({ ...notice, at: new Date(notice.at).toISOString() })),
    catalogs: platform.catalogs.map((catalog) => ({ ...catalog })),
    isRegistered: platform.isRegistered(),
    members: COUNTIES.flatMap((county) => {
      const issue = issueOf(county);
      return issue === null ? [] : toMembers(state.seed, county, issue).map(toEntry);
    }),
    filesDropped: state.files.map(({ name }) => name),
  };
}

/** A list that was dropped, as the department's state keeps it. */
export type DroppedList = { readonly name: string };

function toEntryOf({ place, ...camera }: Camera): Omit<CameraEntry, 'state'> {
  const { id, name, county, countyCode, address, maker, model, isSecret } = camera;
  return { id, name, county, countyCode, address, maker, model, isSecret, ...place };
}

function toEntry({ village, ...member }: Member): MemberEntry {
  const { county, town, name, code } = village;
  return { ...member, county, town, village: name, villageCode: code };
}
