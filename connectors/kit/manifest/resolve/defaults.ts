// What a manifest means where it says nothing (manifest §9, §10). Read by lint/ and by resolve/.

/** Depth of the first load. */
export const DEFAULT_BACKFILL = 'P7D';
/** How long replaced versions answer `asOf`. */
export const DEFAULT_HISTORY = 'P90D';
/** Largest share of a scope, in percent, that one run may delete. */
export const DEFAULT_MAX_PERCENT = 10;
/** How far ahead of the hub's clock a device's may run. */
export const DEFAULT_FUTURE = 'PT10M';
