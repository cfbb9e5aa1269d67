// Taking a mapping apart: how read-draft.ts and read-type.ts judge each entry by itself.
import type { z } from 'zod';
import type { Path } from '../path.ts';

export type Mapping = { readonly [key: string]: unknown };

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Judges a value and keeps its findings; null when it has any. */
export type Judge = <Value>(schema: z.ZodType<Value>, value: unknown, path: Path, at?: 'key') => Value | null;

/** Each entry of a mapping with its name judged; what is no mapping was refused by its parent's schema. */
export function readEach<Piece>(
  value: unknown,
  path: Path,
  nameSchema: z.ZodType,
  take: Judge,
  read: (name: string, piece: unknown, path: Path) => Piece,
): ReadonlyMap<string, Piece> {
  if (!isMapping(value)) return new Map();
  return new Map(
    Object.entries(value).map(([name, piece]) => {
      const here: Path = [...path, name];
      take(nameSchema, name, here, 'key');
      return [name, read(name, piece, here)] as const;
    }),
  );
}
