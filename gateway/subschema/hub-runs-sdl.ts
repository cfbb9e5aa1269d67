// The SDL of runs. What it uses of the shared vocabulary is defined with the units (hub-units-sdl.ts).
export const HUB_RUNS_SDL = /* GraphQL */ `
enum RunState { RUNNING SUCCEEDED FAILED STOPPED }

enum RunReason { FIRST SCHEDULE MANUAL }

"SYNC: reads what is new. RECONCILE: compares the source with the store, and brings in what is missing."
enum RunTask { SYNC RECONCILE }

"One run of a feed: what is new was read, or source and store were compared."
type SyncRun {
  id: ID!
  "The unit whose feed it is."
  unitCode: ID!
  "source/object/strategy"
  feed: String
  task: RunTask
  state: RunState
  reason: RunReason
  startedAt: DateTime
  endedAt: DateTime
  "0 to 1; null while nothing tells how much there is."
  progress: Float
  "Records read in a second, on the average of the run so far."
  rowsPerSecond: Int
  "When a running one should be done if it goes on so. A run that goes on where another one stopped seems to be faster than it is."
  estimatedEndAt: DateTime
  read: Int
  "Rows new or changed."
  written: Int
  unchanged: Int
  deleted: Int
  setAside: Int
  waiting: Int
  notOurs: Int
  "Rows that landed with at least one fault."
  faulty: Int
  "Rows that the source had and the store had not, when they were compared; null of other runs."
  missing: Int
  "What was unusual about it."
  note: String
  error: SyncError
}

type SyncError {
  code: String!
  "What the code means; the message stands in the log."
  meaning: String
}

type SyncRunConnection {
  edges: [SyncRunEdge]
  nodes: [SyncRun]
  pageInfo: PageInfo!
}

type SyncRunEdge {
  cursor: String!
  node: SyncRun
}

extend type Query {
  "Runs, newest first: of all units or of one, of the feeds that bring one type, in one state. A run that wrote nothing is forgotten after 30 days."
  runs(unit: String, type: String, state: RunState, first: Int, after: String): SyncRunConnection
}
`;
