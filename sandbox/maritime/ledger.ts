// What is true of the ships, the crossings and the ferries, in UTC, WGS84 and SI, before any encoding; of positions only what the
// receivers have sent, with the instant at which it left.
import { toUtc } from '../clock/time-text.ts';
import { type Crossing, type Ferry, toCrossings, toFerries } from './crossing.ts';
import type { Heard } from './heard.ts';
import { planFiles, type What } from './schedule.ts';
import { type Ship, toFleet } from './ship.ts';
import type { DroppedFile, State } from './state.ts';

export type CrossingEntry = Omit<Crossing, 'index' | 'km' | 'position' | 'village'> & {
  readonly lon: number;
  readonly lat: number;
  /** Twelve digits; null: the list says only where it lies. */
  readonly villageCode: string | null;
};
export type FerryEntry = Omit<Ferry, 'index' | 'crossing'> & { readonly crossingCode: string };

export type Ledger = Heard & {
  /** All that are on the air, whether or not they have been heard. */
  readonly vessels: readonly Omit<Ship, 'index' | 'way' | 'hasCompass'>[];
  /** Those of the newest list. */
  readonly crossings: readonly CrossingEntry[];
  readonly ferries: readonly FerryEntry[];
  /** Registrations that an earlier list had. */
  readonly struckOff: readonly string[];
  readonly filesDropped: readonly (Omit<DroppedFile, 'droppedAt'> & { readonly droppedAt: string })[];
};

export function toLedger(state: State, heard: Heard): Ledger {
  const { seed } = state;
  const dropped = planFiles(state, state.from - 1, state.now).filter((file) =>
    state.files.some(({ name }) => name === file.name),
  );
  const newestOf = (what: What) => dropped.findLast((file) => file.what === what)?.issue ?? null;
  const [crossings, ferries] = [newestOf('crossings'), newestOf('ferries')];
  const own = ferries === null ? [] : toFerries(seed, ferries);
  const earlier = dropped.flatMap(({ what, issue }) => (what === 'ferries' ? toFerries(seed, issue) : []));
  const registered = new Set(own.map(({ registration }) => registration));
  return {
    ...heard,
    vessels: toFleet(seed).map(({ index: _, way: __, hasCompass: ___, ...vessel }) => vessel),
    crossings: crossings === null ? [] : toCrossings(seed, crossings).map(toCrossingEntry),
    ferries: own.map(({ index: _, crossing, ...ferry }) => ({ ...ferry, crossingCode: crossing.code })),
    struckOff: [...new Set(earlier.map(({ registration }) => registration))].filter(
      (registration) => !registered.has(registration),
    ),
    filesDropped: state.files.map((file) => ({ ...file, droppedAt: toUtc(file.droppedAt) })),
  };
}

function toCrossingEntry({ index: _, km: __, position, village, ...crossing }: Crossing): CrossingEntry {
  return { ...crossing, ...position, villageCode: village?.code ?? null };
}
