// The call-taking centre as a simulation: its tables, and the sheets that come or are completed in a span of time.
import { type Row, runReplace } from '../database/copy.ts';
import type { Simulation } from '../database/simulation.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import { LONGEST_CALL, toCalls } from './call.ts';
import { LEDGER_DDL, toCallEntry, toDispatchEntry, toFeedbackEntry } from './ledger.ts';
import { LEGACY_DDL, LEGACY_TABLES, toCallRow, toDispatchRow, toFeedbackRow } from './legacy.ts';

const VERSION = 1;
/** Longest span whose calls are held in memory at once. */
const SPAN = 24 * HOUR;

type Seen = { readonly seenAt: number; readonly completeAt: number };

export function toPublicSecurity(seed: number): Simulation {
  return {
    name: 'public-security',
    version: VERSION,
    seed,
    step: MINUTE,
    tables: LEGACY_TABLES,
    ddl: LEGACY_DDL + LEDGER_DDL,
    runInventory: async () => undefined,
    async runSpan(client, from, to) {
      const isTouched = ({ seenAt, completeAt }: Seen) =>
        [seenAt, completeAt].some((at) => at > from && at <= to) && seenAt <= to;
      const put = async (table: string, key: string, rows: readonly Row[]) =>
        runReplace(client, table, [key], rows);
      for (let start = from - LONGEST_CALL; start < to; start += SPAN) {
        const all = toCalls(seed, start, Math.min(start + SPAN, to));
        const calls = all.filter(isTouched);
        const sent = all.flatMap((call) => call.dispatches);
        const dispatches = sent.filter(isTouched);
        const feedbacks = sent.flatMap(({ feedback }) => feedback ?? []).filter(isTouched);
        const callRows = calls.map((call) => toCallRow(call, to));
        await put('public."JCJ_JJDB"', '"JJDBH"', callRows);
        const dispatchRows = dispatches.map((dispatch) => toDispatchRow(dispatch, to));
        await put('public."JCJ_PJDB"', '"PJDBH"', dispatchRows);
        await put('public."JCJ_FKDB"', '"FKDBH"', feedbacks.map(toFeedbackRow));
        const callEntries = calls.map((call) => toCallEntry(call, to));
        await put('ledger.call', 'number', callEntries);
        const dispatchEntries = dispatches.map((dispatch) => toDispatchEntry(dispatch, to));
        await put('ledger.dispatch', 'number', dispatchEntries);
        await put('ledger.feedback', 'number', feedbacks.map(toFeedbackEntry));
      }
    },
  };
}
