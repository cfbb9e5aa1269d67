// From manifests to the catalogue: each type's own fields, then what its unit's types add to it, then what links of other units
// add. Names are granted in that order.
import { toInheritingLink } from '../../connectors/kit/manifest/inheriting-link.ts';
import type { Link, Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { HubError } from '../../schema/errors.ts';
import { HUB_CODE_LISTS } from '../../schema/lists/hub-lists.ts';
import {
  type Catalog,
  type CatalogType,
  findAdded,
  findLocation,
  type GraphField,
  type RowsField,
} from './catalog.ts';
import { toAggregate, toLatest, toPlural } from './names.ts';
import { assertRootsDiffer } from './root-names.ts';

type Draft = {
  -readonly [Key in keyof CatalogType]: CatalogType[Key];
} & { readonly fields: Map<string, GraphField> };

/**
 * The catalogue of a unit. `units` are all units of the hub: a division may be read, and a row be looked for, through a link
 * into another one. Throws HUB_MANIFEST_INVALID when two things would stand under one name.
 */
export function toCatalog(unit: Unit, units: readonly Unit[] = [unit]): Catalog {
  const isOwn = (draft: Draft): boolean => draft.unit === unit.unit;
  const known = units.some((one) => one.unit === unit.unit) ? units : [unit, ...units];
  const drafts = toDrafts(known.map((one) => (one.unit === unit.unit ? unit : one)));
  // Another unit's faults are its own to report: here its first field of a name counts.
  addFields(drafts, (draft, to) => draft.unit === to.unit, isOwn);
  const own = [...drafts.values()].filter(isOwn);
  assertRootsDiffer([unit]);
  const added = toAdded(unit, [...drafts.values()]);
  return { ...toShared(units), unit, types: toTypes(own), added, listed: toListed(own) };
}

/**
 * The catalogue of all that lies in the store: links lead into other units as into their own. Throws HUB_MANIFEST_INVALID
 * when two things would stand under one name.
 */
export function toHubCatalog(units: readonly Unit[]): Catalog {
  const drafts = toDrafts(units);
  const always = () => true;
  addFields(drafts, always, always);
  assertRootsDiffer(units);
  const all = [...drafts.values()];
  return { ...toShared(units), unit: null, types: toTypes(all), added: new Map(), listed: toListed(all) };
}

function toAdded({ unit }: Unit, drafts: readonly Draft[]): ReadonlyMap<string, CatalogType> {
  return new Map(
    drafts.flatMap((draft): [string, CatalogType][] => {
      const fields = [...draft.fields].filter(([name]) => findAdded(draft, name)?.type.unit === unit);
      if (fields.length === 0) return [];
      return [[draft.type.name, { ...draft, fields: new Map([['id', { kind: 'id' }], ...fields]) }]];
    }),
  );
}

function toShared(units: readonly Unit[]): Pick<Catalog, 'units' | 'enums' | 'owners'> {
  const owners = units.flatMap((unit) => unit.types.map(({ name }) => [name, unit] as const));
  return { units, enums: toEnums(units), owners: new Map(owners) };
}

function toEnums(units: readonly Unit[]): ReadonlyMap<string, readonly string[]> {
  const lists = [
    ...[...HUB_CODE_LISTS.values()].map(({ enumName, ...list }) => ({ name: enumName, ...list })),
    ...units.flatMap(({ codes }) => codes.filter(({ to }) => to === null)),
  ];
  return new Map(
    lists.map(({ name, values, other }) => [
      name,
      [...values.map((value) => value.name), ...(other === null ? [] : [other])],
    ]),
  );
}

function toDrafts(units: readonly Unit[]): ReadonlyMap<string, Draft> {
  const drafts = new Map<string, Draft>();
  for (const owner of units) {
    for (const type of owner.types) {
      const none = { fields: new Map(), divisionBy: null, locationBy: null, thingBy: null };
      const minGroup = isProtected(type) ? owner.policy.minGroup : 1;
      drafts.set(`${owner.unit}.${type.name}`, {
        unit: owner.unit,
        zone: owner.zone,
        minGroup,
        type,
        ...none,
      });
    }
  }
  for (const draft of drafts.values()) addInheritance(draft, drafts);
  return drafts;
}

/** Whether small groups of its rows would tell of persons: the type's class says so, or that of a field that it shows. */
function isProtected(type: UnitType): boolean {
  if (type.class === 'sensitive' || type.class === 'personal') return true;
  return type.fields.some((field) => !field.hidden && field.class === 'personal');
}

function toTypes(drafts: readonly Draft[]): ReadonlyMap<string, CatalogType> {
  return new Map(drafts.map((draft) => [draft.type.name, draft]));
}

/** Whether a link is followed inside the statement, or answered with a stub. */
type IsFollowed = (draft: Draft, to: Draft) => boolean;

/**
 * What a type has of its own comes first, then what its unit's types add to it, then what links of other units add: so whoever
 * has a name keeps it. Throws for the drafts that `mustFit`; others give up what does not.
 */
function addFields(
  drafts: ReadonlyMap<string, Draft>,
  isFollowed: IsFollowed,
  mustFit: (draft: Draft) => boolean,
): void {
  const steps = [
    (draft: Draft) => addOwnFields(draft, drafts, isFollowed),
    (draft: Draft) => addRows(draft, drafts, (to) => to.unit === draft.unit),
    (draft: Draft) => addRows(draft, drafts, (to) => to.unit !== draft.unit),
  ];
  for (const step of steps)
    for (const draft of drafts.values()) {
      if (mustFit(draft)) step(draft);
      else tolerate(() => step(draft));
    }
}

function tolerate(add: () => void): void {
  try {
    add();
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
  }
}

function toListed(drafts: readonly Draft[]): ReadonlyMap<string, CatalogType> {
  return new Map(
    drafts.flatMap((draft) => {
      const plural = toPlural(draft.type.name);
      return [plural, toAggregate(plural)].map((name) => [name, draft] as const);
    }),
  );
}

function addInheritance(draft: Draft, drafts: ReadonlyMap<string, Draft>): void {
  const { type } = draft;
  const ways = type.division;
  const by = toInheritingLink(type);
  const division = by === null ? null : findTarget(draft, by, drafts);
  if (by !== null && division !== null) {
    draft.divisionBy = { to: division, by, always: ways.every((one) => one.by === 'link') };
  }
  const hasPoint = findLocation(type) !== null;
  const thing = type.role === 'reading' && type.of !== null ? findTarget(draft, type.of, drafts) : null;
  if (thing === null || type.of === null) return;
  if (!hasPoint) draft.locationBy = { to: thing, by: type.of };
  const link = type.links.find((one) => one.name === type.of);
  draft.thingBy = { to: thing, by: type.of, sure: link?.onMissing !== 'keep' };
}

function findTarget(draft: Draft, linkName: string, drafts: ReadonlyMap<string, Draft>): Draft | null {
  const to = draft.type.links.find((link) => link.name === linkName)?.to;
  return to == null ? null : (drafts.get(`${to.unit}.${to.type}`) ?? null);
}

function addOwnFields(draft: Draft, drafts: ReadonlyMap<string, Draft>, isFollowed: IsFollowed): void {
  for (const kind of ['id', 'source', 'location', 'division', 'divisionBasis'] as const) {
    draft.fields.set(kind, { kind });
  }
  for (const field of draft.type.fields) {
    // `location` is the interface's; the field behind it is found by its name.
    if (!field.hidden && field.name !== 'location') addField(draft, field.name, { kind: 'value', field });
  }
  for (const link of draft.type.links) {
    const field = toLinkField(draft, link, drafts, isFollowed);
    if (field !== null) addField(draft, link.name, field);
  }
}

function toLinkField(
  draft: Draft,
  link: Link,
  drafts: ReadonlyMap<string, Draft>,
  isFollowed: IsFollowed,
): GraphField | null {
  const { to, nearest } = link;
  if (nearest !== null) {
    return { kind: 'nearest', nearest, row: drafts.get(`${nearest.unit}.${nearest.type}`) ?? null };
  }
  if (to === null) return null;
  const row = drafts.get(`${to.unit}.${to.type}`) ?? null;
  return row !== null && isFollowed(draft, row)
    ? { kind: 'link', link, to: row }
    : { kind: 'stub', link, to, row };
}

/** Gives the things their readings and the linked types their inverses, as far as these types `take` them. */
function addRows(draft: Draft, drafts: ReadonlyMap<string, Draft>, takes: (to: Draft) => boolean): void {
  const { type } = draft;
  const thing = type.role === 'reading' && type.of !== null ? findTarget(draft, type.of, drafts) : null;
  if (thing !== null && takes(thing) && type.of !== null && type.as !== null) {
    addRowsField(thing, type.as, { kind: 'list', type: draft, by: type.of });
    addRowsField(thing, toAggregate(type.as), { kind: 'groups', type: draft, by: type.of });
    addRowsField(thing, toLatest(type.as), { kind: 'latest', type: draft, by: type.of });
  }
  for (const link of type.links) {
    const target = findTarget(draft, link.name, drafts);
    if (target === null || !takes(target)) continue;
    if (link.current !== null && type.valid !== null)
      addRowsField(target, link.current, { kind: 'current', type: draft, by: link.name });
    if (link.inverse === null) continue;
    addRowsField(target, link.inverse, { kind: link.one ? 'single' : 'list', type: draft, by: link.name });
    if (!link.one)
      addRowsField(target, toAggregate(link.inverse), { kind: 'groups', type: draft, by: link.name });
  }
}

function addRowsField(to: Draft, name: string, field: RowsField): void {
  const { unit, type } = field.type;
  if (to.fields.has(name) && unit !== to.unit) {
    const owner = findAdded(to, name)?.type.unit ?? to.unit;
    throw new HubError(
      'HUB_MANIFEST_INVALID',
      `${unit}: ${type.name}.${field.by} would add ${name} to ${to.unit}.${to.type.name}, which has that name from ${owner} already; rename the inverse in unit.yaml`,
      { place: { unit, type: type.name, field: field.by } },
    );
  }
  addField(to, name, field);
}

function addField(draft: Draft, name: string, field: GraphField): void {
  if (draft.fields.has(name)) {
    throw new HubError(
      'HUB_MANIFEST_INVALID',
      `${draft.unit}: ${draft.type.name}.${name} would stand for two things (a field, a link, an inverse or a reading's "as"); rename one of them in unit.yaml`,
      { place: { unit: draft.unit, type: draft.type.name, field: name } },
    );
  }
  draft.fields.set(name, field);
}
