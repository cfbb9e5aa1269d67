// The hub with one of its promises taken away, each as a wrapper around what the worker is given. The product has no such
// switch. The chaos must find every one of them.
import pg from 'pg';
import type { Page, Source } from '../../connectors/kit/contract.ts';
import type { Lease, SyncStore } from '../../store/contract.ts';

export const MUTANTS = ['overlap', 'tieBreak', 'fencing', 'ack'] as const;
export type Mutant = (typeof MUTANTS)[number];

/** Overlap off: nothing before the mark is read again, neither at each run nor once an hour. */
export function withoutOverlap(manifest: string): string {
  const mutant = manifest.replaceAll(/overlap: \w+, late: \w+/g, 'overlap: PT0S, late: PT0S');
  if (mutant === manifest) throw new Error('the manifest has no overlap that could be taken away');
  return mutant;
}

/** Tie-break off: a page goes on behind the last value of the order's column, as if no two rows had the same. */
export function withoutTieBreak(inner: Source): Source {
  return {
    ...inner,
    scan: async function* (object, request, options) {
      const [column] = request.order ?? [];
      if (column === undefined) return yield* inner.scan(object, request, options);
      let { after: last, ...first } = request;
      for (;;) {
        const filter = [
          ...(first.filter ?? []),
          ...(last === undefined ? [] : [{ column, op: 'gt' as const, value: last }]),
        ];
        const page: Page = await inner.select(object, { ...first, filter }, options);
        const value = page.records.at(-1)?.[column];
        last = typeof value === 'string' ? value : last;
        yield { ...page, cursor: last ?? null };
        if (page.last) return;
      }
    },
  };
}

/** Fencing off: whoever wakes up writes, as the one that has the feed by now. */
export function withoutFencing(inner: SyncStore, url: string): SyncStore & { close(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => undefined);
  const toPresent = async (lease: Lease): Promise<Lease> => {
    const { unit, source, object, strategy } = lease.feed;
    const { rows } = await pool.query<{ token: string }>(
      'select lease_token as token from hub.feed where unit = $1 and source = $2 and object = $3 and strategy = $4',
      [unit, source, object, strategy],
    );
    return { ...lease, token: rows[0]?.token ?? lease.token };
  };
  return {
    ...inner,
    commitPage: async (run, page, options) =>
      inner.commitPage({ ...run, lease: await toPresent(run.lease) }, page, options),
    closeRun: async (run, end, options) =>
      inner.closeRun({ ...run, lease: await toPresent(run.lease) }, end, options),
    close: () => pool.end(),
  };
}

/** Acknowledgement before commit: the sender hears that it may forget a record before anything is durable. */
export function withoutDurableAck(inner: Source): Source {
  return {
    ...inner,
    listen: (onRecords, options) =>
      inner.listen(async (batch) => {
        onRecords(batch).catch(() => undefined);
      }, options),
  };
}
