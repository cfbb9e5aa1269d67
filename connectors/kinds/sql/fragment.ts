// A piece of SQL with its binds: what filter, order and key conditions are made of. Values travel as binds only.

export type Bind = string | number | boolean;
export type Fragment = { readonly sql: string; readonly binds: readonly Bind[] };

export function toFragment(sql: string, ...binds: readonly Bind[]): Fragment {
  return { sql, binds };
}

/** Puts pieces side by side: `(a and b)`, a single one as it is; `empty` (`1 = 1`, `1 = 0`) stands for none. */
export function join(parts: readonly Fragment[], by: ' and ' | ' or ', empty = '1 = 1'): Fragment {
  const [only] = parts;
  if (only === undefined) return toFragment(empty);
  if (parts.length === 1) return only;
  return { sql: `(${parts.map((part) => part.sql).join(by)})`, binds: parts.flatMap((part) => part.binds) };
}

/** `(a, b)`, for `in`. */
export function toList(parts: readonly Fragment[]): Fragment {
  return { sql: `(${parts.map((part) => part.sql).join(', ')})`, binds: parts.flatMap((part) => part.binds) };
}
