// Which pieces need a closer look: those in which source and store do not say the same, and did not say just this when
// they were last looked into. Pure.
import type { BucketDigest } from '../../connectors/kit/contract.ts';
import type { Counted, KnownPiece } from '../../store/reconcile/contract.ts';

export type Judged = {
  /** Pieces that at least one type needs to have looked into, '' for the one piece; ascending. */
  readonly open: readonly string[];
  /** Pieces that were looked into before and have not changed. */
  readonly known: readonly KnownPiece[];
};

/** What both sides say of a type and a piece, and whether it is the same. */
export type Sides = { readonly state: string; readonly same: boolean };

export function judgePieces(
  types: readonly string[],
  source: readonly BucketDigest[],
  counted: readonly Counted[],
  before: readonly KnownPiece[],
): Judged {
  const pieces = [...new Set([...source, ...counted].map(({ from }) => from ?? ''))].sort();
  const open = new Set<string>();
  const known: KnownPiece[] = [];
  for (const bucket of pieces)
    for (const type of types) {
      const { state, same } = toSides(type, bucket, source, counted);
      if (same) continue;
      const found = before.find(
        (piece) => piece.type === type && piece.bucket === bucket && piece.state === state,
      );
      if (found === undefined) open.add(bucket);
      else known.push(found);
    }
  return { open: [...open], known };
}

/** Equal when the rows of the type and the records that are kept are, in number and in sum, those of the source. */
export function toSides(
  type: string,
  bucket: string,
  source: readonly BucketDigest[],
  counted: readonly Counted[],
): Sides {
  const theirs = source.find(({ from }) => (from ?? '') === bucket) ?? { count: 0, sum: '0' };
  const ours = counted.filter(({ from }) => (from ?? '') === bucket);
  const stored = toTotal(ours.filter((one) => one.of === 'stored' && one.type === type));
  const aside = toTotal(ours.filter((one) => one.of === 'aside' && (one.type === type || one.type === null)));
  return {
    state: [theirs, stored, aside].map(({ count, sum }) => `${count}:${sum}`).join(' '),
    same:
      theirs.count === stored.count + aside.count &&
      BigInt(theirs.sum) === BigInt(stored.sum) + BigInt(aside.sum),
  };
}

function toTotal(all: readonly Pick<Counted, 'count' | 'sum'>[]): {
  readonly count: number;
  readonly sum: string;
} {
  return all.reduce(
    (total, { count, sum }) => ({
      count: total.count + count,
      sum: (BigInt(total.sum) + BigInt(sum)).toString(),
    }),
    { count: 0, sum: '0' },
  );
}
