// The ledger of true values of the ecology bureau: every point of its list, and everything that a logger sent, with whether it was
// answered. Times are UTC, positions WGS84; a number counts what `unit` says.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toUtc } from '../clock/time-text.ts';
import { type Cadence, type Condition, type Measured, UNLISTED } from './measure.ts';
import type { Message } from './messages.ts';
import type { Outlet, OutletKind } from './outlet.ts';

export type OutletEntry = {
  readonly mn: string;
  readonly name: string;
  readonly company: string;
  readonly creditCode: string | null;
  readonly kind: OutletKind;
  readonly county: string;
  readonly lon: number;
  readonly lat: number;
};

export type ReadingEntry = {
  readonly mn: string;
  /** The code of 2017, whichever the logger wrote. */
  readonly factor: string;
  /** False: in no list of the hub's. */
  readonly isListed: boolean;
  readonly cadence: Cadence;
  readonly observedAt: string;
  readonly value: number;
  readonly unit: string;
  readonly least: number | null;
  readonly most: number | null;
  readonly kilograms: number | null;
  readonly condition: Condition;
  readonly sentAt: string;
  readonly isAsked: boolean;
  /** Null: not answered yet, or no answer was asked for. */
  readonly answeredAt: string | null;
};

export type Ledger = { readonly outlets: readonly OutletEntry[]; readonly readings: readonly ReadingEntry[] };

export type Book = {
  sent(message: Message): void;
  answered(message: Message): void;
  ledger(): Ledger;
};

/** Older messages are forgotten, so that a process that runs for weeks does not grow. */
const MOST_MESSAGES = 20_000;

type Entry = { readonly message: Message; readonly sentAt: Instant; answeredAt: Instant | null };

export function openBook(outlets: readonly Outlet[], now: () => Instant): Book {
  const entries = new Map<string, Entry>();
  const toKey = ({ outlet, qn }: Message) => `${outlet.mn} ${qn}`;
  return {
    sent: (message) => {
      entries.set(toKey(message), { message, sentAt: now(), answeredAt: null });
      const [oldest] = entries.keys();
      if (entries.size > MOST_MESSAGES && oldest !== undefined) entries.delete(oldest);
    },
    answered: (message) => {
      const entry = entries.get(toKey(message));
      if (entry !== undefined) entry.answeredAt ??= now();
    },
    ledger: () => ({
      outlets: outlets.map(({ mn, name, company, creditCode, kind, county, lon, lat }) => ({
        ...{ mn, name, company, creditCode, kind, county, lon, lat },
      })),
      readings: [...entries.values()].flatMap((entry) =>
        entry.message.measured.map((measured) => toReading(measured, entry)),
      ),
    }),
  };
}

function toReading(measured: Measured, { message, sentAt, answeredAt }: Entry): ReadingEntry {
  const number = (text: string | null) => (text === null ? null : Number(text));
  const { outlet, factor, cadence, at, condition } = measured;
  return {
    ...{ mn: outlet.mn, factor: factor.code, isListed: factor !== UNLISTED, cadence, observedAt: toUtc(at) },
    ...{ value: Number(measured.value), unit: factor.unit, condition },
    ...{ least: number(measured.least), most: number(measured.most), kilograms: number(measured.kilograms) },
    ...{ sentAt: toUtc(sentAt), isAsked: message.isAsked },
    answeredAt: answeredAt === null ? null : toUtc(answeredAt),
  };
}
