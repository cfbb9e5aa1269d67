// The code lists that belong to the hub and to no unit (manifest §4): a manifest maps raw codes onto them or reads a
// field with them. Here only what a manifest may name: the enum's name and its values; the raw codes they take by
// themselves are the mapping's business.

/** Name in a manifest (`hub.DataQuality`) → values. An empty list is open: its values are codes of a standard that grows. */
export const HUB_LISTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['hub.DataQuality', ['GOOD', 'SUSPECT', 'BAD', 'ESTIMATED', 'CORRECTED', 'MISSING', 'UNCHECKED']],
  ['hub.CapStatus', ['ACTUAL', 'EXERCISE', 'SYSTEM', 'TEST', 'DRAFT']],
  ['hub.CapMsgType', ['ALERT', 'UPDATE', 'CANCEL', 'ACK', 'ERROR']],
  ['hub.CapSeverity', ['EXTREME', 'SEVERE', 'MODERATE', 'MINOR', 'UNKNOWN']],
  ['hub.EventType', []],
  ['hub.PlateColour', ['BLUE', 'YELLOW', 'BLACK', 'WHITE', 'GREEN', 'OTHER']],
]);

export const HUB_PREFIX = 'hub.';

/** The GraphQL enum of a hub list: `hub.DataQuality` → `DataQuality`. */
export function toHubEnum(list: string): string {
  return list.slice(HUB_PREFIX.length);
}
