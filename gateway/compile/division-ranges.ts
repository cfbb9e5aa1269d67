// Divisions as binds of a statement: three lists of equal length, since what lies in a division is a range of codes.
import type { Divisions } from '../../schema/divisions/divisions.ts';

/** Codes and their ranges [lo, hi), by position. A code that no division has or had is null in all three. */
export type DivisionRanges = {
  readonly codes: readonly (string | null)[];
  readonly los: readonly (string | null)[];
  readonly his: readonly (string | null)[];
};

/** The ranges of every division that a row can lie in. */
export function toAllRanges(divisions: Divisions): DivisionRanges {
  return toLookupRanges(
    divisions.all.map((division) => division.code),
    divisions,
  );
}

/** The ranges of asked codes; a dated predecessor keeps its own code and has the range of its successor. */
export function toLookupRanges(codes: readonly string[], divisions: Divisions): DivisionRanges {
  const found = codes.map((code) => divisions.find(code));
  const ranges = found.map((division) => (division === null ? null : divisions.range(division.code)));
  return {
    codes: codes.map((code, index) => (found[index] === null ? null : code)),
    los: ranges.map((range) => range?.from ?? null),
    his: ranges.map((range) => range?.to ?? null),
  };
}
