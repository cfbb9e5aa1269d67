// How much a workbook may unpack to: what a department's largest register needs many times over, and what a machine can bear
// whatever somebody drops.

export type Bounds = {
  /** Parts of the zip. */
  readonly parts: number;
  /** Bytes of all parts, unpacked. */
  readonly unpackedBytes: number;
  /** Unpacked to packed, for a part beyond `ratioFromBytes`. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
  /** Texts that cells share, and the UTF-16 units of all of them. */
  readonly strings: number;
  readonly stringUnits: number;
  readonly styles: number;
  readonly merges: number;
  /** The format's own most. */
  readonly rows: number;
  readonly columns: number;
  /** UTF-16 units of one XML text, tag or comment; a cell holds 32,767 at most. */
  readonly runUnits: number;
};

export const BOUNDS: Bounds = {
  parts: 2_000,
  unpackedBytes: 805_306_368,
  ratio: 200,
  ratioFromBytes: 1_048_576,
  strings: 1_000_000,
  stringUnits: 33_554_432,
  styles: 65_536,
  merges: 200_000,
  rows: 1_048_576,
  columns: 16_384,
  runUnits: 262_144,
};
