// From joined records to what one commit writes: every record ends in exactly one outcome for every type it feeds. Pure.
import type { SourceRecord } from '../../connectors/kit/contract.ts';
import type {
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
  const origins: SourceRecord[] = [];
  const setAside: SetAside[] = [];
  let notOurs = 0;
  for (const { record, doubled } of records) {
    const spoiled = toSpoiledTypes(feed, doubled);
    for (const [type, as] of spoiled) setAside.push(toDoubled(type, as, record));
    for (const outcome of mapping.map(record, context)) {
      const type = typeOf(outcome);
      if (
        type !== null &&
        (spoiled.has(type) || !feed.types.includes(type) || (only !== null && type !== only))
      )
        continue;
      if (outcome.kind === 'row') {
        rows.push(outcome.row);
        origins.push(record);
      } else if (outcome.kind === 'setAside') setAside.push({ type, fault: outcome.fault, record });
      else notOurs++;
    }
  }
  return { rows, recordOf: toRecordOf(origins), setAside, notOurs };
}

function typeOf(outcome: Outcome): string | null {
  return outcome.kind === 'row' ? outcome.row.type : outcome.type;
}

function toRecordOf(origins: readonly SourceRecord[]): (row: number) => SourceRecord {
  return (row) => {
    const record = origins[row];
    if (record === undefined) throw new RangeError(`row must be below ${origins.length}, but got: ${row}`);
    return record;
  };
}

// Only the types whose forms join the doubled table are spoiled: the others never see its columns.
function toSpoiledTypes(feed: Feed, doubled: readonly string[]): ReadonlyMap<string, string> {
  const joins = feed.extends.filter((extend) => doubled.includes(extend.as));
  return new Map(joins.flatMap((extend) => extend.types.map((type) => [type, extend.as] as const)));
}

function toDoubled(type: string, as: string, record: SourceRecord): SetAside {
  const message = `the table joined as ${as} has more than one row for this record; it must have one at most`;
  return {
    type,
    record,
    fault: { code: 'HUB_MAP_EXTEND_MANY', field: null, column: as, raw: null, message },
  };
}
