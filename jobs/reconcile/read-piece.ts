// A piece read again from the source and compared record by record, by the same scan and mapping as every sync; what is
// missing or differs is written as any page is, and looked at once more.
import type { SelectRequest, SourceRecord } from '../../connectors/kit/contract.ts';
import type { PageCommit } from '../../store/contract.ts';
import type { Compared, TimeSpan } from '../../store/reconcile/contract.ts';
import { withUnreadable } from '../sync/map-page.ts';
import { toIso } from '../sync/open-run.ts';
import { mapPage } from '../sync/scan-pages.ts';
import { toPlainRequest } from '../sync/scan-request.ts';
import type { Comparing } from './comparing.ts';
import type { PieceFound } from './report.ts';
import type { Stretch } from './time-bounds.ts';

export type Piece = {
  readonly stretch: Stretch | null;
  readonly request: Pick<SelectRequest, 'filter' | 'span'>;
  /** Of the store's rows. undefined: which rows belong to it cannot be said. */
  readonly span: TimeSpan | null | undefined;
};

/** By type: what was seen of it in the piece. */
type Seen = {
  readonly keys: Set<string>;
  readonly missing: Set<string>;
  readonly differing: Set<string>;
  readonly left: Set<string>;
  readonly natives: Set<string>;
  source: number;
  aside: number;
};

/** What was found of a type; asks for the surplus when it is called, which is to be after the last piece was read. */
export type PieceEnd = () => Promise<PieceFound>;

/** Reads the piece to its end, or to the signal: then it answers null, and what was written stays. */
export async function readPiece(comparing: Comparing, piece: Piece): Promise<readonly PieceEnd[] | null> {
  const { open, asked, reconcile, types, dryRun } = comparing;
  const { feed, source, signal, run } = open;
  const seen = new Map(types.map((type) => [type, toSeen()]));
  const request: SelectRequest = { ...toPlainRequest(feed, asked, source), ...piece.request };
  for await (const page of source.scan(feed.key.object, request)) {
    if (signal.aborted) return null;
    const mapped = await mapPage(open, asked, page);
    const commit: PageCommit = {
      ...mapped,
      setAside: withUnreadable(mapped, page.unreadable),
      read: page.records.length,
      mark: open.lease.mark,
      remember: false,
    };
    const compared = await reconcile.compare(run, commit);
    note(seen, commit, compared, 'missing');
    const needs = needsRepair(compared);
    if (needs && !dryRun) await open.store.commitPage(run, commit, toHold(comparing));
    else await reconcile.hold(run, toHold(comparing));
    note(seen, commit, needs && !dryRun ? await reconcile.compare(run, commit) : compared, 'left');
    if (page.last) break;
  }
  const ends: PieceEnd[] = [];
  for (const [type, one] of seen) {
    for (const key of one.differing) comparing.moved.get(type)?.add(key);
    const end = () => toFound(comparing, piece, type, one);
    if (isBound(comparing, type)) {
      const found = await end();
      ends.push(async () => found);
    } else ends.push(end);
  }
  return ends;
}

// A row whose key holds its time cannot have moved to another piece. Others may: they count as surplus only if no piece has
// them, and until that is known their keys are kept.
function isBound({ types, unitTypes }: Comparing, name: string): boolean {
  const type = unitTypes.find((one) => one.name === name);
  return types.includes(name) && type?.time !== null && type?.key.includes(type.time) === true;
}

export function toHold({ open }: Pick<Comparing, 'open'>) {
  return { now: toIso(open.clock()), holdMs: open.feed.holdMs };
}

function toSeen(): Seen {
  return {
    keys: new Set(),
    missing: new Set(),
    differing: new Set(),
    left: new Set(),
    natives: new Set(),
    source: 0,
    aside: 0,
  };
}

function needsRepair({ rows, setAside }: Compared): boolean {
  return (
    rows.some(({ state }) => state === 'missing' || state === 'differs' || state === 'stale') ||
    setAside.some(({ kept }) => !kept)
  );
}

// Once before the repair, which says what was missing, and once after it, which says what is missing still.
function note(
  seen: ReadonlyMap<string, Seen>,
  page: Pick<PageCommit, 'rows' | 'setAside' | 'recordOf'>,
  { rows, setAside, natives }: Compared,
  into: 'missing' | 'left',
): void {
  const isFirst = into === 'missing';
  rows.forEach(({ type, key, state }, index) => {
    const one = seen.get(type);
    if (one === undefined) return;
    const name = key ?? toNameless(page.recordOf(index));
    if (state === 'missing') one[into].add(name);
    if (!isFirst) return;
    one.keys.add(name);
    one.source += 1;
    if (state === 'differs') one.differing.add(name);
    if (state === 'aside') one.aside += 1;
  });
  setAside.forEach(({ type, kept }, index) => {
    const record = page.setAside[index]?.record ?? {};
    for (const [name, one] of seen) {
      if (type !== null && type !== name) continue;
      if (!kept) one[into].add(toNameless(record));
      if (!isFirst) continue;
      one.source += 1;
      one.aside += kept ? 1 : 0;
    }
  });
  if (isFirst) for (const { type, native } of natives) seen.get(type)?.natives.add(native);
}

const NAMELESS = '\u0000';

// A record that has no key of its own is told from others by what it holds, which never leaves this file.
function toNameless(record: SourceRecord): string {
  return `${NAMELESS}${JSON.stringify(record)}`;
}

async function toFound(comparing: Comparing, piece: Piece, type: string, one: Seen): Promise<PieceFound> {
  const { open, reconcile, shows } = comparing;
  const moved = comparing.moved.get(type) ?? [];
  const keys = [...one.keys, ...moved].filter((key) => !key.startsWith(NAMELESS));
  const surplus =
    piece.span === undefined
      ? null
      : await reconcile.surplus(open.run, type, piece.span, { keys, natives: [...one.natives] });
  const shown = (names: readonly string[]) =>
    shows(type) ? names.filter((name) => !name.startsWith(NAMELESS)) : [];
  return {
    type,
    piece: piece.stretch,
    source: one.source,
    aside: one.aside,
    missing: one.missing.size,
    missingKeys: shown([...one.missing]),
    differing: one.differing.size,
    surplus: surplus?.count ?? null,
    surplusKeys: shown(surplus?.keys ?? []),
    gap: one.left.size,
  };
}
