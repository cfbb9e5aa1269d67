// What comparing a feed has found, for the log, the command line and the store.
import type { Stretch } from './time-bounds.ts';

/** A type in a piece that was looked into record by record. Keys are null where they may not be shown. */
export type PieceFound = {
  readonly type: string;
  /** null: the whole object is one piece. */
  readonly piece: Stretch | null;
  /** Records of the source that became rows of this type, and those of them that are kept as records. */
  readonly source: number;
  readonly aside: number;
  /** Keys that were missing; those without a key count beside. */
  readonly missing: number;
  readonly missingKeys: readonly string[];
  readonly differing: number;
  /** Rows that the source no longer has; null where that cannot be said. */
  readonly surplus: number | null;
  readonly surplusKeys: readonly string[];
  /** Keys that are missing still. */
  readonly gap: number;
};

export type TypeFound = {
  readonly type: string;
  /** Counted over all that was compared; null where the source counts nothing by itself. */
  readonly source: number | null;
  readonly stored: number | null;
  readonly aside: number | null;
  readonly missing: number;
  readonly differing: number;
  readonly surplus: number | null;
  readonly repaired: number;
  /** null: unknown, for the reason given. */
  readonly gap: number | null;
  readonly reason: string | null;
};

export type ReconcileReport = {
  readonly feed: string;
  /** `idle`: there is nothing to compare yet. */
  readonly state: 'succeeded' | 'stopped' | 'busy' | 'idle';
  readonly run: string | null;
  readonly from: string | null;
  readonly through: string | null;
  readonly types: readonly TypeFound[];
  readonly pieces: readonly PieceFound[];
  readonly milliseconds: number;
};
