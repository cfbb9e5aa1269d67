// A piece of SQL with its binds: what filter, order and key conditions are made of. Values travel as binds only.

export type Bind = string | number | boolean;
export type Fragment = { readonly sql: string; readonly binds: readonly Bind[] };

export function toFragment(sql: string, ...binds: readonly Bind[]): Fragment {
  return { sql, binds };
}

/** Puts pieces side by side: `(a and b)`; nothing between the parentheses is `empty` (`1 = 1`, `1 = 0`). */
export function join(parts: readonly Fragment[], by: ' and ' | ' or ' | ', ', empty = '1 = 1'): Fragment {
  if (parts.length === 0) return toFragment(empty);
  return {
    sql: `(${parts.map((part) => part.sql).join(by)})`,
    binds: parts.flatMap((part) => part.binds),
  };
}
