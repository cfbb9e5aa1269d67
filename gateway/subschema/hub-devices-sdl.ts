// The SDL of devices. What it uses of the shared vocabulary is defined with the units (hub-units-sdl.ts).
export const HUB_DEVICES_SDL = /* GraphQL */ `
"CONNECTED: it has a connection on which it was heard. DISCONNECTED: it has none. Over UDP and MQTT there are no connections: what was heard lately is connected."
enum DeviceState { CONNECTED DISCONNECTED }

"How the hub stands with one sender (terminal, station, platform) of a source that it listens to."
type DeviceStatus {
  "The unit whose source it speaks to."
  unitCode: ID!
  source: String!
  "As its protocol names it: a terminal's number, a station's address, an MMSI."
  device: String!
  state: DeviceState!
  connectedAt: DateTime
  "Its last sound frame."
  heardAt: DateTime
  disconnectedAt: DateTime
  "Sound frames since the hub knows it."
  frames: Long
  "Frames that were refused since the hub knows it."
  refused: Long
  "What was refused last, or why it was sent away."
  reason: String
}

type DeviceStatusConnection {
  edges: [DeviceStatusEdge]
  nodes: [DeviceStatus]
  pageInfo: PageInfo!
  totalCount: Int!
}

type DeviceStatusEdge {
  cursor: String!
  node: DeviceStatus
}

extend type Query {
  "Senders by unit, source and name: of all units or of one, of one source, in one state. One that was not heard for 90 days is forgotten."
  devices(unit: String, source: String, device: String, state: DeviceState, first: Int, after: String): DeviceStatusConnection
}
`;
