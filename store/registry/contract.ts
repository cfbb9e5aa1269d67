// The seam of registration: which units take part, by the manifests' own texts, and how far each process of the hub has taken
// that over. Written by `hub register` and by a start; followed by every worker and gateway, on whatever machine it runs.
import type { ErrorCode } from '../../schema/errors.ts';

/** FOLDER: taken by a start from HUB_UNITS_DIR, and followed there by later starts. COMMAND: by a person, until one does it again. */
export type UnitOrigin = 'FOLDER' | 'COMMAND';

/** A unit that takes part, or that was taken out by a person (UNREGISTERED): its tables stay then. */
export type RegisteredUnit = {
  readonly unit: string;
  /** The text of unit.yaml: a process needs no copy of the folder. */
  readonly manifest: string;
  /** SHA-256 of the text, hex: the version that its rows carry. */
  readonly hash: string;
  readonly state: 'REGISTERED' | 'UNREGISTERED';
  readonly origin: UnitOrigin;
  /** 1 for the first registration, one more for each change. */
  readonly version: number;
  /** UTC instant of the last change, and who made it. */
  readonly at: string;
  readonly by: string;
};

/** All units that were ever registered, by name. `generation` grows with every change; 0: nothing was registered yet. */
export type UnitRegistry = { readonly generation: number; readonly units: readonly RegisteredUnit[] };

export type UnitEntry = Pick<RegisteredUnit, 'unit' | 'manifest' | 'hash' | 'state' | 'origin' | 'by'>;

export type ProcessRole = 'WORKER' | 'GATEWAY';

/** How a process stands to one unit. LEFT_OUT: it does not run here, and why. */
export type HeldUnit = {
  readonly unit: string;
  readonly hash: string;
  readonly state: 'LIVE' | 'LEFT_OUT';
  readonly code: ErrorCode | null;
  readonly reason: string | null;
};

export type ProcessState = {
  /** Unique; for people: `gateway-1:4711`. */
  readonly id: string;
  readonly role: ProcessRole;
  /** The newest generation that it has looked at. */
  readonly generation: number;
  readonly units: readonly HeldUnit[];
  /** Why it goes on with an older set of units; null: it has taken over `generation`. */
  readonly refused: string | null;
};

export type RegistryStore = {
  /** Cheap: asked several times a second by every process. */
  generation(): Promise<number>;
  read(): Promise<UnitRegistry>;
  /** Writes all entries as one generation and answers it; null, nothing written, when `expected` is no longer the present one. */
  write(
    entries: readonly UnitEntry[],
    options: { readonly expected: number; readonly now: string },
  ): Promise<number | null>;
  /** A sign of life, and what this process has taken over. */
  report(state: ProcessState): Promise<void>;
  /** Those that have given a sign of life within `LIVE_MS`. */
  processes(): Promise<readonly ProcessState[]>;
  /** A process that ends in order says so. */
  leave(id: string): Promise<void>;
};

/** Between two signs of life, and after how long without one a process counts as gone. */
export const SIGN_MS = 3000;
export const LIVE_MS = 15_000;
