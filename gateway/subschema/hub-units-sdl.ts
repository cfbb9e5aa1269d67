// The SDL of what the hub tells of the units themselves.
import { Kind, parse, print } from 'graphql';
import { VOCABULARY_SDL } from '../../schema/sdl.ts';

/** Definitions of the shared vocabulary that these fields use. */
const SHARED: ReadonlySet<string> = new Set(['DateTime', 'Duration', 'Long', 'Freshness', 'PageInfo']);

const SDL = /* GraphQL */ `
"How a unit's types are together. OK: all are loaded and no feed fails. DEGRADED: a feed fails or a type is not loaded yet; what is there is answered. DOWN: nothing is loaded."
enum UnitStatus { OK DEGRADED DOWN }

enum TypeRole { THING READING EVENT }

"From what a gap is known. RECONCILED: source and store were counted bucket by bucket. SEQUENCE: the source numbers its records. MANIFEST_COUNT: the source said how much it gave (a list's total, a file read to its end), and each record of it landed or is kept. UNKNOWN: nothing says it."
enum GapBasis { RECONCILED SEQUENCE MANIFEST_COUNT UNKNOWN }

"A municipal unit (department) whose system the hub reads."
type Unit {
  code: ID!
  name: String
  nameEn: String
  status: UnitStatus
  freshness: UnitFreshness
  "Records set aside: of its types, and those that no form of any type took."
  setAside: Int
  "Records that wait for a link's target."
  waiting: Int
  types: [UnitType]
  "Columns that differ from what is known of the unit's tables, until that is over or accepted."
  drift: [ColumnDrift]
}

"DROPPED: it is gone. RETYPED: it is of another kind. ALTERED: another length or precision. NEW: nobody knows of it."
enum ColumnChange { DROPPED RETYPED ALTERED NEW }

"A column of a legacy system that is not as it was."
type ColumnDrift {
  source: String
  "The table, list or file."
  object: String
  column: String
  change: ColumnChange
  "What it is now, in the source's own word; null when it is gone."
  kind: String
  seenAt: DateTime
  "Types that are stopped for it."
  types: [String!]
  "\`Type.field\` of everything that it feeds."
  fields: [String!]
}

"What is promised and what is: of a type, or of all types of a unit."
type UnitFreshness {
  "The interval at which new data is promised; of a unit the tightest of its types."
  promise: Duration
  "Age of the type's last complete run; of a unit the oldest of its types. Null while one was never complete."
  actual: Duration
  "The age of each type against its own promise, and of these the worst. How old a single row is, its \`source\` says."
  level: Freshness
}

"A type that a unit brings."
type UnitType {
  name: String!
  label: String
  labelEn: String
  role: TypeRole
  "Rows in the store that are not gone, exactly."
  rows: Int
  "Rows of the source that are neither in the store nor set aside. Null while that is unknown, never 0 for it."
  gap: Int
  gapBasis: GapBasis
  "Rows in the store that the source no longer has, and that it has not purged by itself: no loss, and kept where nothing deletes them."
  surplus: Int
  "When source and store were last compared; of several feeds the longest ago. The gap is that of this moment."
  reconciledAt: DateTime
  "Records of this type set aside; those that no form took stand in the unit's number only."
  setAside: Int
  "Records of this type that wait for a link's target."
  waiting: Int
  "Counts up with each page that changed something."
  version: Long
  freshness: UnitFreshness
  "The newest run of any feed that brings this type; its counts are the feed's, over all types that it brings."
  lastRun: SyncRun
}

extend type Query {
  units: [Unit]
  unit(code: ID!): Unit
  _hubUnits(codes: [ID!]!): [Unit]! @merge(keyField: "code")
}
`;

const KINDS: ReadonlySet<string> = new Set([
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_DEFINITION,
]);

export const HUB_UNITS_SDL: string = [
  ...parse(VOCABULARY_SDL).definitions.flatMap((definition) =>
    KINDS.has(definition.kind) &&
    'name' in definition &&
    definition.name !== undefined &&
    SHARED.has(definition.name.value)
      ? [print(definition)]
      : [],
  ),
  SDL,
].join('\n');
