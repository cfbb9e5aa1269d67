// Ledger and store side by side where rows have places: a point or the corners of a line may differ by what six decimals and
// the way back from a shifted map leave of it, and by nothing more.
import { toMetres } from '../../sandbox/map/shift.ts';
import { type Compared, toDifferences } from './compare.ts';
import type { Spine } from './open-spine.ts';

export type Placed = Compared & { readonly places: readonly (readonly [lon: number, lat: number])[] };

/** A sixth decimal is a tenth of a metre. */
const SAME_METRES = 0.3;

/** As `toDifferences`, with the places written out only where they are not the same. */
function toPlacedDifferences(truth: readonly Placed[], stored: readonly Placed[]): string[] {
  const there = new Map(stored.map((row) => [row.key, row]));
  const known = new Map(truth.map((row) => [row.key, row]));
  const write = (own: Placed, other: Placed | undefined): Compared => ({
    key: own.key,
    value: `${own.value} ${other !== undefined && isSame(own, other) ? 'there' : JSON.stringify(own.places)}`,
  });
  return toDifferences(
    truth.map((row) => write(row, there.get(row.key))),
    stored.map((row) => write(row, known.get(row.key))),
  );
}

function isSame({ places: own }: Placed, { places: other }: Placed): boolean {
  return (
    own.length === other.length &&
    own.every(([lon, lat], index) => {
      const [x, y] = other[index] ?? [0, 0];
      return toMetres({ lon, lat }, { lon: x, lat: y }) < SAME_METRES;
    })
  );
}

/** A comparison of one department: `truth` as its ledger has it and `stored` as plain SQL over the hub's tables, by what is compared. */
export function toComparison<Ledger, What extends string>(
  truth: Readonly<Record<What, (ledger: Ledger) => readonly Placed[]>>,
  stored: Readonly<Record<What, string>>,
) {
  /** How many rows of the ledger were looked for, and one line a row that differs. */
  return async (
    what: What,
    ledger: Ledger,
    query: Spine['query'],
  ): Promise<{ readonly compared: number; readonly differences: readonly string[] }> => {
    const rows = truth[what](ledger);
    const differences = toPlacedDifferences(rows, await query<Placed>(stored[what]));
    return { compared: rows.length, differences };
  };
}
