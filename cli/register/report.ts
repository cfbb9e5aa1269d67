// What `hub register` and `hub unregister` find and do, as they print it with --json. Counts, names and codes; no value of a
// record and no secret.
import type { ManifestFault } from '../../connectors/kit/manifest/faults.ts';
import type { FeedTrial } from '../../jobs/trial/contract.ts';
import type { ErrorCode } from '../../schema/errors.ts';
import type { ProcessRole } from '../../store/registry/contract.ts';

/** What keeps a unit from going live beside its manifest's own faults. */
export type Refusal = { readonly code: ErrorCode; readonly message: string };

/** SILENT: it lives and has not taken the change over in time. REFUSED: it goes on with what it had. */
export type ProcessLine = {
  readonly id: string;
  readonly role: ProcessRole;
  readonly state: 'DONE' | 'LEFT_OUT' | 'REFUSED' | 'SILENT';
  readonly reason: string | null;
};

export type RegisterState =
  /** Live in every process that runs. */
  | 'LIVE'
  /** Written down, and not (or not yet) live everywhere. */
  | 'IN_PART'
  | 'REFUSED'
  /** Nothing was to be done. */
  | 'UNCHANGED'
  /** Would go live. */
  | 'DRY_RUN';

export type RegisterReport = {
  readonly unit: string;
  readonly manifest: string;
  readonly state: RegisterState;
  /** The version that it replaces; null: the unit is new, or comes back. */
  readonly replaces: number | null;
  readonly faults: readonly ManifestFault[];
  readonly refusals: readonly Refusal[];
  readonly missingSecrets: readonly string[];
  readonly feeds: readonly FeedTrial[];
  /** Statements over the unit's tables. */
  readonly tables: readonly string[];
  readonly processes: readonly ProcessLine[];
  /** From the writing down to the last process. */
  readonly seconds: number | null;
};
