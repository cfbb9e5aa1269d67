// Lint of several units together (M08x, and M054, M055, M057 across units): links into other units, names taken twice.
import type { Field, Link, LinkOn, Unit, UnitType } from '../model.ts';
import { atKey, atValue, type Finding, type Path } from '../path.ts';
import { toOrdered } from '../resolve/keys.ts';
import { toHint } from '../shape/suggest.ts';

/** `left out`: units whose folder exists but which have errors of their own; links to them cannot be judged. */
export type Neighbours = { readonly units: readonly Unit[]; readonly leftOut: readonly string[] };

/** The findings of one unit among all; `units` contains it and is in the order in which names are granted. */
export function toCrossFindings(unit: Unit, neighbours: Neighbours): Finding[] {
  return [
    ...toTakenNames(unit, neighbours),
    ...unit.types.flatMap((type) => toLinkFindings(unit, type, neighbours)),
  ];
}

/** M081: the unit that comes first keeps the name. */
function toTakenNames(unit: Unit, { units }: Neighbours): Finding[] {
  const taken = new Map<string, string>();
  for (const other of units) {
    if (other.unit === unit.unit) break;
    for (const name of toNames(other)) taken.set(name, other.unit);
  }
  const names: [string, Path][] = [
    ...unit.types.map(({ name }): [string, Path] => [name, ['types', name]]),
    ...unit.codes.filter(({ to }) => to === null).map(({ name }): [string, Path] => [name, ['codes', name]]),
  ];
  return names.flatMap(([name, path]) => {
    const owner = taken.get(name);
    return owner === undefined ? [] : [atKey('M081', path, `${owner} has this name already`)];
  });
}

function toNames({ types, codes }: Unit): string[] {
  return [...types.map(({ name }) => name), ...codes.filter(({ to }) => to === null).map(({ name }) => name)];
}

function toLinkFindings(unit: Unit, type: UnitType, neighbours: Neighbours): Finding[] {
  return type.links.flatMap((link) => {
    const to = link.to ?? link.nearest;
    if (to === null || to.unit === unit.unit) return [];
    const path: Path = ['types', type.name, 'links', link.name];
    const at: Path = link.to === null ? [...path, 'nearest', 'to'] : [...path, 'to'];
    if (neighbours.leftOut.includes(to.unit))
      return [
        atValue(
          'M080',
          at,
          `${to.unit} is left out for its own errors; the link is null until it is back`,
          'warning',
        ),
      ];
    const other = neighbours.units.find((one) => one.unit === to.unit);
    if (other === undefined) {
      const known = neighbours.units.map((one) => one.unit);
      return [atValue('M080', at, `there is no unit ${to.unit}${toHint(to.unit, known)}`)];
    }
    const target = other.types.find((one) => one.name === to.type);
    if (target === undefined) {
      const hint = toHint(
        to.type,
        other.types.map((one) => one.name),
      );
      return [atValue('M080', at, `${to.unit} has no type ${to.type}${hint}`)];
    }
    return link.nearest === null
      ? [
          ...toTargetFindings(type, link, other, target, path),
          ...toAddedFindings(type, link, other, target, neighbours),
        ]
      : toNearestFindings(target, other, path);
  });
}

function toNearestFindings(target: UnitType, other: Unit, path: Path): Finding[] {
  const thing = target.links.find((link) => link.name === target.of)?.to;
  const places = [target, other.types.find((one) => one.name === thing?.type)];
  return places.some((one) => one?.fields.some((field) => field.name === 'location') === true)
    ? []
    : [atValue('M057', [...path, 'nearest', 'to'], `${target.name} has no location`)];
}

function toTargetFindings(type: UnitType, link: Link, other: Unit, target: UnitType, path: Path): Finding[] {
  const findings: Finding[] = [];
  if (type.of === link.name && target.role !== 'thing')
    findings.push(atValue('M045', [...path, 'to'], `${target.name} is a ${target.role}, not a thing`));
  const key = toKeyNames(target, other);
  for (const [index, on] of link.on.entries()) {
    const at: Path = link.on.length > 1 ? [...path, 'on', index] : [...path, 'on'];
    if (key !== null && toOrderedOn(on, key) === null)
      findings.push(
        atValue('M054', at, `must cover the key of ${other.unit}.${target.name}: ${key.join(', ')}`),
      );
    else findings.push(...toKindFindings(type, target, on, at));
  }
  return findings;
}

function toKindFindings(type: UnitType, target: UnitType, on: LinkOn, at: Path): Finding[] {
  return on.pairs.flatMap(({ own, target: its }) => {
    const [mine, other] = [toField(type, own), toField(target, its)];
    if (mine === null || other === null || toKind(mine) === toKind(other)) return [];
    return [
      atValue('M054', at, `${own} is a ${toKind(mine)}, but ${target.name}.${its} is a ${toKind(other)}`),
    ];
  });
}

function toKind({ converter, graphql }: Field): string {
  if (graphql.isEnum) return graphql.name;
  return converter === 'concat' || converter === 'const' ? 'text' : converter;
}

function toField(type: UnitType, name: string): Field | null {
  return type.fields.find((field) => field.name === name) ?? null;
}

/** M055, M082 */
function toAddedFindings(
  type: UnitType,
  link: Link,
  other: Unit,
  target: UnitType,
  { units }: Neighbours,
): Finding[] {
  return toAddedNames(type, link).map(({ name, path }): Finding => {
    const to = `${other.unit}.${target.name}`;
    if (toTakenAt(target, other).has(name))
      return atValue('M055', path, `${to} has the name ${name} already`);
    // As with M081 the unit that comes first keeps the name, and of one unit the link that does.
    const first = toAddedTo(units, other, target).find((one) => one.name === name);
    if (first !== undefined && first.path.join() !== path.join())
      return atValue('M055', path, `${first.unit} adds the name ${name} to ${to} already`);
    return atValue('M082', path, `adds ${name} to ${to}, whose owner has not agreed`);
  });
}

/** What links of other units add to a type, in the order in which names are granted. */
function toAddedTo(units: readonly Unit[], owner: Unit, target: UnitType) {
  const others = units.filter(({ unit }) => unit !== owner.unit);
  return others.flatMap(({ unit, types }) =>
    types.flatMap((type) => {
      const links = type.links.filter(({ to }) => to?.unit === owner.unit && to.type === target.name);
      return links.flatMap((link) => toAddedNames(type, link).map((added) => ({ unit, ...added })));
    }),
  );
}

/** The names that a link adds to its target, and where they stand. */
function toAddedNames(type: UnitType, link: Link): { readonly name: string; readonly path: Path }[] {
  const at: Path = ['types', type.name];
  const names = [
    { name: link.inverse, path: [...at, 'links', link.name, 'inverse'] },
    { name: link.current, path: [...at, 'links', link.name, 'current'] },
    { name: type.of === link.name ? type.as : null, path: [...at, 'as'] },
  ];
  return names.flatMap(({ name, path }) => (name === null ? [] : [{ name, path }]));
}

/** Names that a type has within its own unit: fields, links, readings of it and inverses. */
function toTakenAt(target: UnitType, { types }: Unit): ReadonlySet<string> {
  const own = [...target.fields.map(({ name }) => name), ...target.links.map(({ name }) => name)];
  const added = types.flatMap((type) =>
    type.links.flatMap((link) => (link.to?.type === target.name ? toAddedNames(type, link) : [])),
  );
  return new Set([...own, ...added.map(({ name }) => name)]);
}

/** The fields that make a type's key, links followed within its unit; null when a part lies in yet another unit. */
function toKeyNames(type: UnitType, unit: Unit): readonly string[] | null {
  const names: string[] = [];
  for (const part of type.key) {
    const link = type.links.find(({ name }) => name === part);
    const pairs = link?.on.find(({ over }) => over === 'key')?.pairs;
    if (link === undefined) names.push(part);
    else if (pairs === undefined || link.to?.unit !== unit.unit) return null;
    else names.push(...pairs.map(({ own }) => own));
  }
  return names;
}

function toOrderedOn(on: LinkOn, key: readonly string[]): LinkOn | null {
  const pairs = toOrdered(Object.fromEntries(on.pairs.map(({ own, target }) => [own, target])), key);
  return pairs === null ? null : { over: 'key', pairs };
}

/** The units with the pairs of their links into other units in the order of the target's key. */
export function toJoinedUnits(units: readonly Unit[]): Unit[] {
  const toJoined = (own: string, link: Link): Link => {
    if (link.to === null || link.to.unit === own) return link;
    const { to } = link;
    const other = units.find((one) => one.unit === to.unit);
    const target = other?.types.find((one) => one.name === to.type);
    const key = other === undefined || target === undefined ? null : toKeyNames(target, other);
    return key === null ? link : { ...link, on: link.on.map((on) => toOrderedOn(on, key) ?? on) };
  };
  return units.map((unit) => ({
    ...unit,
    types: unit.types.map((type) => ({
      ...type,
      links: type.links.map((link) => toJoined(unit.unit, link)),
    })),
  }));
}
