// A statement while it is being written: which named binds its text uses, in order, which aliases are taken, and as of
// which instant it reads. The only place that names a type's table: what is written under an instant cannot forget it.
import { toTableName } from '../../store/columns.ts';
import type { CatalogType } from './catalog.ts';
import { toVersionsSql } from './times/versions-sql.ts';

/** A type that is read as of the instant in this slot. */
export type PastRead = { readonly slot: string; readonly type: CatalogType };

export type Draft = {
  /** `$n` of a named bind, with its cast; the same name is the same parameter. */
  bind(slot: string, cast: string): string;
  /** A table alias that nothing else in the statement has. */
  alias(): string;
  /** What stands behind `from` or `join`, before an alias: a type's rows as the draft reads them, tombstones among them. */
  tableOf(type: CatalogType): string;
  /** The same statement, read as of the instant in this slot; null: as things are. */
  at(asOf: string | null): Draft;
  readonly asOf: string | null;
  /** Slot names in the order of their parameters. */
  readonly slots: readonly string[];
  /** Each type once an instant. */
  readonly past: readonly PastRead[];
};

export function toDraft(): Draft {
  const slots: string[] = [];
  const past: PastRead[] = [];
  let aliases = 0;
  const bind = (slot: string, cast: string): string => {
    if (!slots.includes(slot)) slots.push(slot);
    return `$${slots.indexOf(slot) + 1}::${cast}`;
  };
  const alias = (): string => {
    aliases += 1;
    return `t${aliases}`;
  };
  const at = (asOf: string | null): Draft => ({
    bind,
    alias,
    at,
    asOf,
    slots,
    past,
    tableOf(type) {
      if (asOf === null) return toTableName(type.unit, type.type.name);
      if (!past.some((one) => one.slot === asOf && one.type === type)) past.push({ slot: asOf, type });
      return toVersionsSql(type, bind(asOf, 'timestamptz'));
    },
  });
  return at(null);
}
