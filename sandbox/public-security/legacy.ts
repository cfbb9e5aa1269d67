// The database that the hub sees: the call-taking centre's sheets as its Oracle writes them, upper-case and quoted. Times are
// fourteen digits, coordinates texts in GCJ-02, and what is not known is an empty text.

import type { Instant } from '../clock/sandbox-clock.ts';
import { toDigits } from '../clock/time-text.ts';
import type { Row } from '../database/copy.ts';
import { toGcj02 } from '../map/shift.ts';
import type { Call, Dispatch, Feedback } from './call.ts';

export const LEGACY_TABLES = ['public."JCJ_JJDB"', 'public."JCJ_PJDB"', 'public."JCJ_FKDB"'] as const;

/** JJDBH, PJDBH, FKDBH, BJFSDM, BJDH, BJRXM, SFDD, GIS_X, GIS_Y, BJSJ and GXDWDM are real names; the others are proposed. */
export const LEGACY_DDL = `
create table public."JCJ_JJDB" (
  "JJDBH" char(30) primary key, "BJFSDM" char(2), "JQLBDM" varchar(6), "BJRXM" varchar(50), "BJDH" varchar(20),
  "SFDD" varchar(200), "GIS_X" varchar(20), "GIS_Y" varchar(20), "BJNR" varchar(2000), "BJSJ" char(14),
  "GXDWDM" varchar(12), "XZQHDM" char(12));
create index "JCJ_JJDB_BJSJ" on public."JCJ_JJDB" ("BJSJ");
create table public."JCJ_PJDB" (
  "PJDBH" char(30) primary key, "JJDBH" varchar(30), "PJSJ" char(14), "DDXCSJ" varchar(14), "CJDWDM" varchar(12));
create index "JCJ_PJDB_PJSJ" on public."JCJ_PJDB" ("PJSJ");
create table public."JCJ_FKDB" (
  "FKDBH" char(30) primary key, "PJDBH" varchar(30), "FKSJ" char(14), "CLJG" varchar(2000), "SSRS" varchar(5),
  "SWRS" varchar(5));
create index "JCJ_FKDB_FKSJ" on public."JCJ_FKDB" ("FKSJ");
`;

/** As the sheet stands at `now`: kind, content and place on the map are filled in minutes after the call. */
export function toCallRow(call: Call, now: Instant): Row {
  const { number, at, completeAt, channel, kind, caller, phone, spot, located, content } = call;
  const complete = completeAt <= now;
  const map = toGcj02(spot);
  const onMap = located && complete ? [map.lon.toFixed(9), map.lat.toFixed(9)] : ['', ''];
  const { code } = spot.scene;
  return [
    ...[number, channel, complete ? kind : '', caller ?? '', phone ?? '', toAddress(call), ...onMap],
    ...[complete ? content : '', toDigits(at), `${code.slice(0, 6)}510000`, toOldCode(code)],
  ];
}

export function toAddress({ spot: { scene, road, house } }: Call): string {
  return `永州市${scene.county}${scene.town}${road}${house}号`;
}

/** The centre's own list of divisions is older than 2021: 祁阳 is still a county there. */
function toOldCode(code: string): string {
  const county = code.slice(0, 6);
  return `${county === '431181' ? '431121' : county}000000`;
}

export function toDispatchRow(dispatch: Dispatch, now: Instant): Row {
  const { number, callNumber, at, completeAt, unit } = dispatch;
  return [number, callNumber, toDigits(at), completeAt <= now ? toDigits(completeAt) : '', unit];
}

export function toFeedbackRow({ number, dispatchNumber, at, result, injured, dead }: Feedback): Row {
  return [
    number,
    dispatchNumber,
    toDigits(at),
    result,
    ...[injured, dead].map((count) => count?.toString() ?? ''),
  ];
}
