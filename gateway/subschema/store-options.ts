// What every part of the graph is made with that one store answers, and both doors to it.
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import type { Divisions } from '../../schema/divisions/divisions.ts';
import type { ReadStore } from '../../store/contract.ts';
import type { MaskPolicy } from '../compile/mask.ts';

/** What lies in the store, and who may see what of it. */
export type StoreOptions = {
  /** All units of the hub whose rows lie in it. */
  readonly units: readonly Unit[];
  readonly divisions: Divisions;
  readonly reader: ReadStore;
  /** The store's setting `cursor-key`, hex: all take each other's cursors. */
  readonly cursorKey: string;
  readonly isMasked?: MaskPolicy;
  /** Milliseconds that one statement may take; 10 s, of the hub's own part 8 s. */
  readonly deadlineMs?: number;
  /** Rows that one request to a unit, or one operation of the whole graph, may ask for at most; ROW_CAP. */
  readonly rowCap?: number;
};
