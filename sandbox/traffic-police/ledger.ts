// The ledger of true values: what the simulation knows, in UTC, WGS84 and SI, before any encoding. It exists in this process
// only; the hub's tests compare their store with it. Columns are described in sandbox/README.md.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { Position } from '../map/shift.ts';
import { type Closure, toClosures } from './closure.ts';
import { type EventKind, type RoadEvent, toEvents, toUpdateTime } from './event.ts';
import { toStatement } from './rows.ts';
import { type SectionState, toStates } from './traffic.ts';
import type { World } from './world.ts';

export type Ledger = {
  readonly sections: readonly SectionEntry[];
  readonly events: readonly EventEntry[];
  readonly closures: readonly ClosureEntry[];
  readonly states: readonly StateEntry[];
};

export type SectionEntry = {
  readonly code: string;
  readonly name: string;
  readonly county: string;
  readonly line: readonly Position[];
};

export type EventEntry = {
  readonly number: string;
  readonly kind: EventKind;
  readonly isOpen: boolean;
  readonly observedAt: string;
  readonly endedAt: string | null;
  readonly updatedAt: string;
  readonly road: string;
  readonly place: string;
  readonly text: string;
  readonly section: string;
  readonly county: string;
  readonly position: Position | null;
};

export type ClosureEntry = {
  readonly number: string;
  readonly event: string | null;
  readonly road: string;
  readonly reason: string;
  readonly begins: string;
  readonly ends: string | null;
  readonly county: string;
  readonly line: readonly Position[];
};

export type StateEntry = {
  readonly section: string;
  readonly observedAt: string;
  readonly index: number;
  readonly metresPerSecond: number;
};

/** What the service tells at `now` of all that was reported since `since`. An array is made each time it is read. */
export function toLedger(world: World, since: Instant, now: Instant): Ledger {
  return {
    sections: world.sections.map(({ code, name, county, line }) => ({ code, name, county, line })),
    get events() {
      return toEvents(world, since, now).map((event) => toEventEntry(event, now));
    },
    get closures() {
      return toClosures(world, now).map(toClosureEntry);
    },
    get states() {
      return toStates(world, now).flatMap(toStateEntries);
    },
  };
}

function toEventEntry(event: RoadEvent, now: Instant): EventEntry {
  const { number, kind, begins, ends, section, position } = event;
  const { place, isOver, text } = toStatement(event, now);
  return {
    ...{ number, kind, isOpen: !isOver, observedAt: toUtc(begins), endedAt: isOver ? toUtc(ends) : null },
    updatedAt: toUtc(toUpdateTime(event, now)),
    ...{ road: section.road, place, text, section: section.code, county: section.county, position },
  };
}

function toClosureEntry({ number, event, section, reason, begins, ends, line }: Closure): ClosureEntry {
  return {
    ...{ number, event, road: section.road, reason, county: section.county, line },
    begins: toUtc(begins),
    ends: ends === null ? null : toUtc(ends),
  };
}

function toStateEntries({ section, counted }: SectionState): StateEntry[] {
  if (counted === null) return [];
  const { at, index, speed } = counted;
  return [{ section: section.code, observedAt: toUtc(at), index, metresPerSecond: speed / 3.6 }];
}

function toUtc(at: Instant): string {
  return new Date(at).toISOString();
}
