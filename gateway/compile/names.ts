// The names that the graph generates around a manifest's types. SDL and compiler take them from here, so that a field
// that is offered is a field that is answered.

/** `HydroStation` → `hydroStation`, `AQIReading` → `aqiReading`: the root field of one row. */
export function toSingular(typeName: string): string {
  return typeName.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (head) => head.toLowerCase());
}

/** `HydroStation` → `hydroStations`, `Ferry` → `ferries`, `SchoolBus` → `schoolBuses`: the root field of all rows; never equal to the singular. */
export function toPlural(typeName: string): string {
  const singular = toSingular(typeName);
  if (/[^aeiou]y$/.test(singular)) return `${singular.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(singular) ? `${singular}es` : `${singular}s`;
}

/** `HydroStation` → `HydroStations`: the plural with its capital, as lookup names carry it. */
function toPluralType(typeName: string): string {
  const plural = toPlural(typeName);
  return typeName.slice(0, 1) + plural.slice(1);
}

/** `fire-rescue` → `fireRescue`: a unit's name as part of a GraphQL name. */
export function toUnitPrefix(unit: string): string {
  return unit.replace(/-+([a-z0-9])/g, (_dash, letter: string) => letter.toUpperCase()).replace(/-+$/, '');
}

/** The hidden batch lookup of a type (`_hydrologyHydroStations`); `Division` gives `_hydrologyDivisions`. */
export function toLookup(unit: string, typeName: string): string {
  return `_${toUnitPrefix(unit)}${toPluralType(typeName)}`;
}

/** `river` → `latestRiver`: the newest reading of a thing. */
export function toLatest(as: string): string {
  return `latest${as.slice(0, 1).toUpperCase()}${as.slice(1)}`;
}

/** `HydroStation` → `hydroStationsChanges`: the root field of a type's changes. */
export function toChangesRoot(typeName: string): string {
  return `${toPlural(typeName)}Changes`;
}

export function toChangesName(typeName: string): string {
  return `${typeName}Changes`;
}

export function toChangeName(typeName: string): string {
  return `${typeName}Change`;
}

export function toConnectionName(typeName: string): string {
  return `${typeName}Connection`;
}

export function toEdgeName(typeName: string): string {
  return `${typeName}Edge`;
}

export function toWhereName(typeName: string): string {
  return `${typeName}Where`;
}

/** The condition on several rows: some of them, or none. */
export function toRowsWhereName(typeName: string): string {
  return `${typeName}RowsWhere`;
}

export function toOrderName(typeName: string): string {
  return `${typeName}Order`;
}

/** `riverReadings` → `riverReadingsAggregate`: the aggregates of a list. */
export function toAggregate(list: string): string {
  return `${list}Aggregate`;
}

/** `RiverReading` → `RiverReadingAggregate`, and the types that only it needs: `RiverReadingGroupKey`. */
export function toGroupsName(typeName: string, part: GroupsPart): string {
  return `${typeName}${part}`;
}

type GroupsPart =
  | 'Aggregate'
  | 'AggregateOrder'
  | 'Group'
  | 'GroupKey'
  | 'GroupOrder'
  | 'Having'
  | `${MeasuredPart}${'' | 'Having' | 'Order'}`;

/** What is measured of a group: the fields that have the same functions stand in one type. */
export type MeasuredPart = 'Sums' | 'Means' | 'Percentiles' | 'Extremes' | 'Distinct';
