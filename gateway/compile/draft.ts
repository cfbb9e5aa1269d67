// A statement while it is being written: which named binds its text uses, in order, and which aliases are taken.

export type Draft = {
  /** `$n` of a named bind, with its cast; the same name is the same parameter. */
  bind(slot: string, cast: string): string;
  /** A table alias that nothing else in the statement has. */
  alias(): string;
  /** Slot names in the order of their parameters. */
  readonly slots: readonly string[];
};

export function toDraft(): Draft {
  const slots: string[] = [];
  let aliases = 0;
  return {
    slots,
    bind(slot, cast) {
      if (!slots.includes(slot)) slots.push(slot);
      return `$${slots.indexOf(slot) + 1}::${cast}`;
    },
    alias() {
      aliases += 1;
      return `t${aliases}`;
    },
  };
}
