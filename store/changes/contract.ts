// The seam of what has changed: each commit that changed rows tells it, over PostgreSQL's NOTIFY or over Redis, and who
// keeps anything made of these rows (a cache, a subscription) listens.

/** One commit's change of one type. */
export type Change = {
  readonly unit: string;
  readonly type: string;
  /** `hub.type_state.version` of that commit: one more than the commit before. What is read after hearing it is at least this new. */
  readonly version: number;
  /**
   * The divisions in which rows changed, by code as the rows have it (county, town or village); of a moved row both. Null:
   * anywhere. Empty: only rows that lie in no division. A row that has its division from its thing counts where the thing
   * lay at the commit; a thing that moves takes such rows along and that is a change of the thing's type alone.
   */
  readonly divisions: readonly string[] | null;
};

/** `caught-up`: found by comparing versions with the store, because what was told may have been lost. */
export type Heard = 'told' | 'caught-up';

/** Must not throw and is not waited for; a fault is logged and harms no other listener. */
export type ChangeListener = (change: Change, heard: Heard) => void;

/**
 * An open ear. Every change committed after it was opened is heard, at least once, whatever was cut meanwhile: a change that
 * was lost is made good by one that says `anywhere`. A change may be heard twice, and then also an older one after a newer.
 */
export type Changes = {
  /** Listens from now on; the answer ends it. */
  listen(listener: ChangeListener): () => void;
  /** Nothing is heard afterwards. Calling it twice is harmless. */
  close(): Promise<void>;
};

/** The channel of PostgreSQL's NOTIFY; channels belong to one database. */
export const CHANGE_CHANNEL = 'hub_change';

/** More divisions than this are told as anywhere: a payload of NOTIFY is bounded by 8,000 bytes. */
export const MOST_DIVISIONS = 64;

/** The text that crosses the wire. */
export function toChangeText({ unit, type, version, divisions }: Change): string {
  return JSON.stringify({ unit, type, version, divisions });
}

/** Null for a text that is no change: anyone who may use the database or the Redis can send one. */
export function parseChange(text: string): Change | null {
  const { unit, type, version, divisions } = parseObject(text);
  if (typeof unit !== 'string' || typeof type !== 'string' || !Number.isSafeInteger(version)) return null;
  if (
    divisions !== null &&
    !(Array.isArray(divisions) && divisions.every((code) => typeof code === 'string'))
  )
    return null;
  return { unit, type, version: Number(version), divisions };
}

function parseObject(text: string): { readonly [name: string]: unknown } {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
