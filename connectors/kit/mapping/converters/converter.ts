// What a converter is: compiled once for each reading of a form, then asked for every record (manifest §7).
import type { Divisions } from '../../../../schema/divisions/divisions.ts';
import type { Crs, Field, Reading } from '../../manifest/model.ts';
import type { CodeReader } from '../code-list.ts';
import type { FieldReader } from '../read-value.ts';
import type { ZoneClock } from '../wall-clock.ts';

/** What converters may know beside the record: the source's zone and coordinates, the unit's code lists, the city. */
export type MappingTools = {
  readonly clock: ZoneClock;
  readonly crs: Crs | null;
  readonly divisions: Divisions;
  /** Throws HUB_MANIFEST_INVALID for a list that is not declared. */
  codeList(name: string): CodeReader;
};

/** Pure; throws a HubError only here, at compile time, never while reading. */
export type CompileConverter = (reading: Reading, field: Field, tools: MappingTools) => FieldReader;
