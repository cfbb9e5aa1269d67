// The shared vocabulary as SDL: what every subschema's types are made of (design §4). Object types and enums of the
// units stand in connectors/units/<unit>/schema.graphql; everything else is generated around them.

/** Types of the hub's own part of the graph (gateway/subschema/hub-*.ts): no unit may take their names. */
export const HUB_TYPES: readonly string[] = [
  'ColumnChange',
  'ColumnDrift',
  'DeviceState',
  'DeviceStatus',
  'DeviceStatusConnection',
  'DeviceStatusEdge',
  'Division',
  'DivisionLevel',
  'DivisionPredecessor',
  'GapBasis',
  'Nearby',
  'PointInput',
  'RunReason',
  'RunState',
  'RunTask',
  'SyncError',
  'SyncRun',
  'SyncRunConnection',
  'SyncRunEdge',
  'TypeRole',
  'Unit',
  'UnitFreshness',
  'UnitStatus',
  'UnitType',
  'Viewer',
];

/** Types by which lists of all units are asked (gateway/subschema/unit-inputs-sdl.ts): no unit may take their names either. */
export const QUESTION_TYPES: readonly string[] = [
  'BooleanFilter',
  'DateFilter',
  'DateTimeFilter',
  'DecimalFilter',
  'DurationFilter',
  'FloatFilter',
  'IDFilter',
  'IdNumberFilter',
  'IntFilter',
  'LongFilter',
  'MonthDayFilter',
  'NearInput',
  'OrderDirection',
  'PhoneNumberFilter',
  'StringFilter',
  'StringListFilter',
  'TimeGroup',
  'WithinDivisionInput',
  'WithinInput',
];

/** What tells a place or a day: all that the hub's own subschema needs of the vocabulary. */
export const PLACE_SDL = /* GraphQL */ `
"Calendar date, ISO 8601: 2026-04-05"
scalar Date
"GeoJSON geometry, WGS84, lon/lat"
scalar GeoJSON
"WGS84, six decimals."
type Point { lon: Float! lat: Float! }
`;

/** Scalars, enums and value types that every subschema repeats word for word. */
export const VOCABULARY_SDL = /* GraphQL */ `
${PLACE_SDL}
"UTC instant, ISO 8601 with Z: 2026-04-05T00:30:00Z"
scalar DateTime
"Day of the year without a year: 04-01"
scalar MonthDay
"ISO 8601 duration: PT5M"
scalar Duration
"64-bit integer as text"
scalar Long
"Decimal number as text, all digits kept"
scalar Decimal
"Chinese telephone number, digits only"
scalar PhoneNumber
"18-character identity number"
scalar IdNumber

"How old a value is against its promise. LIVE up to 1x the promised interval, LATE up to 3x, STALE up to 24x, then DEAD."
enum Freshness { LIVE LATE STALE DEAD }
"Where an answer comes from. FALLBACK: the last good copy while the source is failing."
enum Via { STORE LIVE EDGE FALLBACK }
"How the division of a row was found."
enum DivisionBasis { CODE NAME POINT PARENT NONE }
"What has become of a row since the place that was asked from: DELETED where the source no longer has it, CREATED where it was not there yet."
enum ChangeKind { CREATED UPDATED DELETED }
enum MeasureKind { LEVEL AMOUNT ROLLING ANGLE COUNTER }
enum DataQuality { GOOD SUSPECT BAD ESTIMATED CORRECTED MISSING UNCHECKED }

directive @measure(unit: String, kind: MeasureKind!) on FIELD_DEFINITION
directive @reading(of: String!, as: String!) on OBJECT

"Provenance of a row: which unit, under which native key, when it was true and when it came, and how old it is."
type Source {
  unit: Unit
  nativeKey: String!
  observedAt: DateTime
  receivedAt: DateTime!
  freshness: Freshness!
  via: Via!
}

type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }

"Anything that a unit knows: it has an id, a source, and mostly a place."
interface Entity { id: ID! source: Source! location: Point division: Division }
`;
