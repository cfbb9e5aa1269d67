// The ledger of true values: what the simulation knows, in UTC, WGS84, metres, yuan, before any encoding. It exists in this
// process only. Columns are described in sandbox/README.md.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { Position } from '../map/shift.ts';
import { HOUR } from '../storm/storm.ts';
import { type Alarm, type Level, toAlarms } from './alarm.ts';
import type { Grade, Hazard, HazardKind } from './hazard.ts';
import { isRighted, toAlarmText, toGroup, toWrittenVillage } from './rows.ts';

export type Ledger = { readonly hazards: readonly HazardEntry[]; readonly alarms: readonly AlarmEntry[] };

export type HazardEntry = {
  readonly code: string;
  readonly name: string;
  readonly kind: HazardKind;
  readonly position: Position;
  /** The axes have the names that they should have, unlike everywhere else in the register. */
  readonly isRighted: boolean;
  readonly county: string;
  /** Twelve digits: where the register says that it is. */
  readonly statedVillage: string;
  readonly address: string;
  readonly grade: Grade;
  readonly danger: Grade | null;
  readonly volumeM3: number;
  readonly propertyYuan: number;
  readonly households: number;
  readonly people: number;
  /** A day, or the month that is known of it. */
  readonly foundOn: string;
  readonly trigger: string;
  readonly threatens: string;
  readonly watcher: string;
  readonly watcherPhone: string | null;
};

export type AlarmEntry = {
  readonly number: string;
  readonly hazard: string;
  readonly observedAt: string;
  readonly arrivedAt: string;
  readonly level: Level;
  readonly displacementM: number;
  readonly text: string;
};

/** A register, and the alarms of `watched` since `since` that have arrived by `now`. */
export function toLedger(
  { seed, hazards, watched }: Record<'hazards' | 'watched', readonly Hazard[]> & { readonly seed: number },
  since: Instant,
  now: Instant,
): Ledger {
  return {
    hazards: hazards.map(toHazardEntry),
    get alarms() {
      return toAlarms(seed, watched, { from: since, to: now, now }).map(toAlarmEntry);
    },
  };
}

function toHazardEntry(hazard: Hazard): HazardEntry {
  const { code, name, kind, position, county, village, grade, danger, watcher, phone } = hazard;
  const { volumeM3, propertyYuan, households, people, trigger, threatens } = hazard;
  const day = new Date(hazard.foundDay * 24 * HOUR).toISOString();
  return {
    ...{ code, name, kind, position, isRighted: isRighted(hazard), county, statedVillage: village.code },
    address: `${village.town}${toWrittenVillage(hazard)}${toGroup(hazard)}屋后`,
    ...{ grade, danger, volumeM3, propertyYuan, households, people, trigger, threatens, watcher },
    foundOn: day.slice(0, hazard.isMonthOnly ? 7 : 10),
    watcherPhone: phone,
  };
}

function toAlarmEntry({ number, hazard, at, arrivesAt, level, millimetres }: Alarm): AlarmEntry {
  return {
    ...{ number, hazard, level, text: toAlarmText(millimetres) },
    observedAt: new Date(at).toISOString(),
    arrivedAt: new Date(arrivesAt).toISOString(),
    displacementM: millimetres / 1000,
  };
}
