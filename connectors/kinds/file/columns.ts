// A file's columns under the names that were asked for. A record keeps every column of its file: a form is chosen by what
// a file has, and what is set aside is kept whole. A column that the file lacks is not in the record; the mapping judges it.
import { HubError } from '../../../schema/errors.ts';
import type { SourceRecord } from '../../kit/contract.ts';
import type { FilePlace } from './faults.ts';
import { refuse } from './faults.ts';

export type RecordPlan = (columns: readonly string[]) => (record: SourceRecord) => SourceRecord;

/** `own`: what stands in each record beside its columns (`@file`, captures). HUB_MAP_SHAPE when two names differ by case alone and case is ignored. */
export function toRecordPlan(
  asked: readonly string[],
  ignoreCase: boolean,
  own: SourceRecord,
  place: FilePlace,
): RecordPlan {
  if (!ignoreCase) return () => (record) => ({ ...record, ...own });
  const askedNames = new Map(asked.map((name) => [name.toLowerCase(), name]));
  return (columns) => {
    refuseTwins(columns, place);
    const names = new Map(columns.map((name) => [name, askedNames.get(name.toLowerCase()) ?? name]));
    return (record) => {
      const renamed: { [column: string]: SourceRecord[string] } = {};
      for (const [name, value] of Object.entries(record)) renamed[names.get(name) ?? name] = value;
      return { ...renamed, ...own };
    };
  };
}

function refuseTwins(columns: readonly string[], place: FilePlace): void {
  const seen = new Map<string, string>();
  for (const name of columns) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) {
      const { message } = refuse(
        'HUB_MAP_SHAPE',
        place,
        `header: ${twin} and ${name} are one column when case is ignored`,
      );
      throw new HubError('HUB_MAP_SHAPE', message, { place: { ...place, column: name } });
    }
    seen.set(name.toLowerCase(), name);
  }
}
