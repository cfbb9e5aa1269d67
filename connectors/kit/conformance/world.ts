// What a kind's test gives to the suite: a prepared legacy system, a way to open sources on it, and its faults.
import type { AccessSettings, Source, SourceRecord } from '../contract.ts';
import type { ObjectName } from './fixture.ts';

/** A legacy system that holds FIXTURE, freshly made for one check. */
export type World = {
  /** How FIXTURE's objects are called here. */
  readonly names: { readonly [name in ObjectName]: string };
  /** Opens a source on it; the world closes what a check leaves open. */
  open(overrides?: Partial<AccessSettings>): Promise<Source>;
  /** Words of the URL that no message may show. */
  readonly secret: string;
  /** The legacy system changes behind the source's back. */
  insert(object: ObjectName, records: readonly SourceRecord[]): Promise<void>;
  dropColumn(object: ObjectName, column: string): Promise<void>;
  readonly faults: Faults;
  /** Where a source that gives deliveries finds them; needed by those that declare it. */
  readonly deliveries?: DeliveryPlace;
  /** Connections (files, subscriptions) that the legacy system itself counts as open by this world's sources. */
  connections(): Promise<number>;
  close(): Promise<void>;
};

/** The place where the legacy system leaves deliveries of the object `stations`; empty at first. */
export type DeliveryPlace = {
  /** Leaves a whole one, `minutesAgo`; the same name again replaces what lies there. */
  leave(name: string, records: readonly SourceRecord[], minutesAgo: number): Promise<void>;
  /** Begins one; each further call writes on, without looking newer than it is. */
  writeOn(name: string): Promise<void>;
  /** A whole one of which nothing but the last record cannot be read. */
  leaveSpoilt(name: string, minutesAgo: number): Promise<void>;
  /** Time passes, longer than a delivery must have lain there untouched. */
  wait(): Promise<void>;
  /** Names of what lies there, in any state, and was not put away. */
  lying(): Promise<readonly string[]>;
};

/** How the legacy system can fail; `heal` ends all of it. */
export type Faults = {
  /** It keeps its connections and says nothing any more. */
  hang(): void;
  /** It dies after having answered that many bytes more. */
  dieAfter(bytes: number): void;
  /** It takes no connection and drops those that it has. */
  down(): void;
  heal(): void;
};

/** One check of the suite. `run` throws an AssertionError that says what was wrong. */
export type Check = {
  /** `C01`, stable for ever: waivers name it. */
  readonly id: string;
  readonly title: string;
  run(world: World): Promise<void>;
};

/** A check that a kind cannot pass, and why. */
export type Waiver = { readonly id: string; readonly reason: string };
