// From joined records to what one commit writes: every record ends in exactly one outcome for every type it feeds. Pure.
import type { Digest, SourceRecord, Unreadable } from '../../connectors/kit/contract.ts';
import type {
  Fault,
  MappedRow,
  MappingContext,
  ObjectMapping,
  Outcome,
} from '../../connectors/kit/mapping/outcome.ts';
import type { SetAside } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import type { JoinedRecord } from './read-extends.ts';

export type MappedPage = {
  readonly rows: readonly MappedRow[];
  /** Of the row at an index. */
  readonly recordOf: (row: number) => SourceRecord;
  readonly digestOf: (row: number) => Digest | null;
  readonly setAside: readonly SetAside[];
  readonly notOurs: number;
};

/** Maps the records for the feed's types; `only` narrows to one type (the replay of a record that waited for it). */
export function toMappedPage(
  feed: Feed,
  mapping: ObjectMapping,
  records: readonly JoinedRecord[],
  context: MappingContext,
  only: string | null = null,
): MappedPage {
  const rows: MappedRow[] = [];
  const origins: JoinedRecord[] = [];
  const setAside: SetAside[] = [];
  let notOurs = 0;
  for (const joined of records) {
    const { record, doubled } = joined;
    const spoiled = toSpoiledTypes(feed, doubled);
    for (const [type, as] of spoiled) setAside.push(toDoubled(type, as, joined));
    for (const outcome of mapping.map(record, context)) {
      const type = typeOf(outcome);
      if (
        type !== null &&
        (spoiled.has(type) || !feed.types.includes(type) || (only !== null && type !== only))
      )
        continue;
      if (outcome.kind === 'row') {
        rows.push(outcome.row);
        origins.push(joined);
      } else if (outcome.kind === 'setAside') setAside.push(toAside(type, outcome.fault, joined));
      else notOurs++;
    }
  }
  const originOf = toOriginOf(origins);
  return {
    rows,
    recordOf: (row) => originOf(row).record,
    digestOf: (row) => originOf(row).digest,
    setAside,
    notOurs,
  };
}

/** All that a page sets aside: what could not be mapped, and what could not be taken apart at all. */
export function withUnreadable(
  { setAside }: Pick<MappedPage, 'setAside'>,
  unreadable: readonly Unreadable[] = [],
): readonly SetAside[] {
  return [...setAside, ...unreadable.map(toUnreadable)];
}

function toUnreadable({ raw, message, code = 'HUB_MAP_RECORD' }: Unreadable): SetAside {
  const fault = { code, field: null, column: null, raw: null, message } as const;
  return { type: null, fault, record: raw };
}

function typeOf(outcome: Outcome): string | null {
  return outcome.kind === 'row' ? outcome.row.type : outcome.type;
}

function toOriginOf(origins: readonly JoinedRecord[]): (row: number) => JoinedRecord {
  return (row) => {
    const origin = origins[row];
    if (origin === undefined) throw new RangeError(`row must be below ${origins.length}, but got: ${row}`);
    return origin;
  };
}

const NONE_SPOILED: ReadonlyMap<string, string> = new Map();

// Only the types whose forms join the doubled table are spoiled: the others never see its columns.
function toSpoiledTypes(feed: Feed, doubled: readonly string[]): ReadonlyMap<string, string> {
  if (doubled.length === 0) return NONE_SPOILED;
  const joins = feed.extends.filter((extend) => doubled.includes(extend.as));
  return new Map(joins.flatMap((extend) => extend.types.map((type) => [type, extend.as] as const)));
}

function toAside(type: string | null, fault: Fault, { record, digest }: JoinedRecord): SetAside {
  return digest === null ? { type, fault, record } : { type, fault, record, digest };
}

function toDoubled(type: string, as: string, joined: JoinedRecord): SetAside {
  const message = `the table joined as ${as} has more than one row for this record; it must have one at most`;
  return toAside(type, { code: 'HUB_MAP_EXTEND_MANY', field: null, column: as, raw: null, message }, joined);
}
