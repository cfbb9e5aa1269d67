// The database that the hub sees: one wide table of cases, as a MySQL shop keeps it. Times are texts, and one that is not there is
// all zeros; places are metres in a plane, and the origin where nobody has looked them up.
import { toPlane } from '../city/plane.ts';
import type { Instant } from '../clock/sandbox-clock.ts';
import { toBeijing } from '../clock/time-text.ts';
import type { Row } from '../database/copy.ts';
import { type Case, STAGES, toChanges, toDue, toReached } from './case.ts';

export const LEGACY_TABLE = 'public.t_case_info';

/** All names are proposed, shaped as IOT_LAW_MENT, a real table of the kind. */
export const LEGACY_DDL = `
create table public.t_case_info (
  case_no varchar(30) primary key, big_type varchar(4), small_type varchar(6), x numeric(12,3), y numeric(12,3),
  address varchar(200), case_desc varchar(500), report_tel varchar(20), report_tm varchar(19), filing_tm varchar(19),
  dispatch_tm varchar(19), handle_tm varchar(19), check_tm varchar(19), close_tm varchar(19), handle_tmmit varchar(19),
  is_filing char(1), is_filclose char(1), dept_name varchar(50), xzqh varchar(12), qx varchar(30), jd varchar(30),
  sq varchar(30), is_test smallint not null, del_flag char(1) not null, update_tm timestamp not null);
create index t_case_info_update_tm on public.t_case_info (update_tm);
`;

const NEVER = '0000-00-00 00:00:00';

/** As the row stands at `now`. */
export function toCaseRow(one: Case, now: Instant): Row {
  const { number, bigType, smallType, spot, located, coded, text, phone, handler, isTest, deletedAt } = one;
  const plane = toPlane(spot);
  const place = located ? [plane.east.toFixed(3), plane.north.toFixed(3)] : ['0.000', '0.000'];
  const reached = STAGES.map((stage) => toReached(one, stage, now));
  const [, filed, , , , closed] = reached;
  const changed = Math.max(...toChanges(one).filter((at) => at <= now));
  const { county, town, code } = spot.scene;
  return [
    ...[number, bigType, smallType, ...place, toAddress(one), text, phone],
    ...[...reached, toDue(one, now)].map((at) => (at === null ? NEVER : toBeijing(at))),
    ...[filed == null ? '0' : '1', closed == null ? '0' : '1', filed == null ? '' : handler],
    ...[coded ? toOldCode(code) : '', county, town, '', isTest ? 1 : 0],
    ...[deletedAt !== null && deletedAt <= now ? '1' : '0', toBeijing(changed)],
  ];
}

export function toAddress({ spot: { scene, road, house } }: Case): string {
  return `${scene.county}${scene.town}${road}${house}号旁`;
}

/** The bureau's list of divisions is older than 2021. */
function toOldCode(code: string): string {
  const county = code.slice(0, 6);
  return county === '431181' ? '431121' : county;
}
