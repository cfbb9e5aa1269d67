// The true cameras of the city and what happens to them: a pure function of the seed and of time. Roads and towns are real, all
// else is invented.
import { parseScenes, toSpot } from '../city/scene.ts';
import type { Instant } from '../clock/sandbox-clock.ts';
import type { World } from '../drop/state.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';

export type Camera = {
  readonly index: number;
  /** Twenty digits: county, trade, kind 132 (camera), number. */
  readonly id: string;
  readonly name: string;
  readonly county: string;
  readonly countyCode: string;
  readonly address: string;
  readonly maker: string;
  readonly model: string;
  /** WGS84, six decimals. */
  readonly place: { readonly lon: number; readonly lat: number };
  /** Shown to nobody but the platform's own people. */
  readonly isSecret: boolean;
  /** When it was put up and when it was taken down; null: it was there before, it still is. */
  readonly from: Instant | null;
  readonly to: Instant | null;
};
export type CameraState = 'ON' | 'OFF';
export type CameraEvent = {
  readonly at: Instant;
  readonly camera: Camera;
  readonly event: 'ON' | 'OFF' | 'VLOST' | 'DEFECT' | 'ADD' | 'DEL';
};

const A_COUNTY = 25;
const MAKERS = ['Hikvision', 'Dahua', '宇视', '华为'];
const MODELS = ['IP Camera', 'DS-2CD3T46', 'IPC-HFW2431', 'HIC6622'];
/** Named after people whose names GB2312 cannot write. */
const HALLS = ['陶铸路', '镕基楼', '喆安巷', '堃园'];
const SLOT = 6 * HOUR;
const OUTAGES = ['OFF', 'VLOST', 'DEFECT'] as const;

/** All that ever stand, in the order of their numbers. */
export function toCameras({ seed, start }: Pick<World, 'seed' | 'start'>): readonly Camera[] {
  const scenes = parseScenes();
  const counties = [...new Set(scenes.map(({ county }) => county))];
  return counties.flatMap((county, nth) => {
    const own = scenes.filter((scene) => scene.county === county);
    return Array.from({ length: A_COUNTY }, (_, at): Camera => {
      const index = nth * A_COUNTY + at;
      const spot = toSpot(own, seed, 128, index);
      const code = spot.scene.code.slice(0, 6);
      const chance = (what: number) => toChance(seed, 129, index, what);
      const hall = chance(1) < 0.08 ? (HALLS[index % HALLS.length] ?? '') : spot.road;
      return {
        ...{ index, county, countyCode: code, place: { lon: spot.lon, lat: spot.lat } },
        id: `${code}0000132${String(index + 1).padStart(7, '0')}`,
        name: `${spot.scene.town}${hall}${spot.house}号`,
        address: `${county}${spot.scene.town}${spot.road}`,
        maker: MAKERS[Math.floor(chance(2) * MAKERS.length)] ?? '',
        model: MODELS[Math.floor(chance(3) * MODELS.length)] ?? '',
        isSecret: index % 37 === 5,
        from: index % 90 === 11 ? start + 30 * MINUTE : null,
        to: index % 90 === 17 ? start + 60 * MINUTE : null,
      };
    });
  });
}

export function isThere({ from, to }: Camera, now: Instant): boolean {
  return (from === null || from <= now) && (to === null || to > now);
}

/** Outages begin by chance, one at most in six hours, and last from ten minutes to two hours. */
function toOutage(seed: number, { index }: Camera, slot: number) {
  const chance = (what: number) => toChance(seed, 130, index, slot, what);
  if (chance(1) >= 0.2) return null;
  const from = slot * SLOT + Math.floor(chance(2) * (SLOT - 3 * HOUR));
  const to = from + 10 * MINUTE + Math.floor(chance(3) * 110 * MINUTE);
  return { from, to, event: OUTAGES[Math.floor(chance(4) * OUTAGES.length)] ?? 'OFF' };
}

export function toState(seed: number, camera: Camera, now: Instant): CameraState {
  const outage = toOutage(seed, camera, Math.floor(now / SLOT));
  return outage !== null && outage.from <= now && now < outage.to ? 'OFF' : 'ON';
}

/** What happened in (from, to], in its order, to secret cameras too: it is the hub that must not keep what is told of them. */
export function toEvents(
  seed: number,
  cameras: readonly Camera[],
  from: Instant,
  to: Instant,
): readonly CameraEvent[] {
  const events: CameraEvent[] = [];
  for (const camera of cameras) {
    for (let slot = Math.floor(from / SLOT); slot * SLOT <= to; slot += 1) {
      const outage = toOutage(seed, camera, slot);
      if (outage === null) continue;
      events.push({ at: outage.from, camera, event: outage.event });
      events.push({ at: outage.to, camera, event: 'ON' });
    }
    if (camera.from !== null) events.push({ at: camera.from, camera, event: 'ADD' });
    if (camera.to !== null) events.push({ at: camera.to, camera, event: 'DEL' });
  }
  return events
    .filter(({ at, camera, event }) => at > from && at <= to && (event === 'DEL' || isThere(camera, at)))
    .sort((a, b) => a.at - b.at);
}
