// What the graph offers of one unit: for every type its fields and where each leads. The SDL is printed from it and the
// plan is made along it, so neither can know a field that the other does not.
import { toInheritingLink } from '../../connectors/kit/manifest/inheriting-link.ts';
import type { Field, Link, Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { HubError } from '../../schema/errors.ts';
import { HUB_CODE_LISTS } from '../../schema/lists/hub-lists.ts';
import { toAggregate, toChangesRoot, toLatest, toPlural, toSingular } from './names.ts';

/** A list of another type's rows that name this row by the link `by`; `name` also marks the list's cursors. */
export type RowsBy = { readonly type: CatalogType; readonly by: string };

export type GraphField =
  | { readonly kind: 'id' | 'source' | 'location' | 'division' | 'divisionBasis' }
  | { readonly kind: 'value'; readonly field: Field }
  | { readonly kind: 'link'; readonly link: Link; readonly to: CatalogType }
  | {
      readonly kind: 'stub';
      readonly link: Link;
      readonly to: { readonly unit: string; readonly type: string };
      /** Null where the other unit is unknown to this hub. */
      readonly row: CatalogType | null;
    }
  /** What lies nearest at question time; `row` is null where the other unit is unknown to this hub. */
  | { readonly kind: 'nearest'; readonly nearest: Nearest; readonly row: CatalogType | null }
  /** `groups`: aggregates of such a list. `current`: the one of them that counts at the instant that is asked for. */
  | ({ readonly kind: 'list' | 'latest' | 'single' | 'current' | 'groups' } & RowsBy);

export type Nearest = NonNullable<Link['nearest']>;

/** A link of a row to another row, by which it is read. */
export type Way = { readonly to: CatalogType; readonly by: string };

export type CatalogType = {
  readonly unit: string;
  /** The unit's civil time, by which days begin (IANA). */
  readonly zone: string;
  /** Rows that a group must have to be shown. */
  readonly minGroup: number;
  readonly type: UnitType;
  /** By GraphQL name, in the order of the SDL. */
  readonly fields: ReadonlyMap<string, GraphField>;
  /** The link through which the division is read at question time; null when the row carries its own. `always`: it has no way of its own. */
  readonly divisionBy: (Way & { readonly always: boolean }) | null;
  /** The link through which a reading without a point of its own reads its location. */
  readonly locationBy: Way | null;
  /** The thing that a reading is of. `sure`: no reading lands before its thing. */
  readonly thingBy: (Way & { readonly sure: boolean }) | null;
};

export type Catalog = {
  /** Null: of the whole hub. */
  readonly unit: Unit | null;
  /** All units of the hub, in a fixed order. */
  readonly units: readonly Unit[];
  /** The values of every enum that a field of a unit may have. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
  /** By name; no two units have a type of one name. */
  readonly types: ReadonlyMap<string, CatalogType>;
  /** The unit of every type of the hub, by the type's name. */
  readonly owners: ReadonlyMap<string, Unit>;
  /** By the names of a type's list in a division and of the groups of it. */
  readonly listed: ReadonlyMap<string, CatalogType>;
};

type Draft = {
  -readonly [Key in keyof CatalogType]: CatalogType[Key];
} & { readonly fields: Map<string, GraphField> };

/**
 * The catalogue of a unit. `units` are all units of the hub: a division may be read, and a row be looked for, through a link
 * into another one. Throws HUB_MANIFEST_INVALID when two things would stand under one name.
 */
export function toCatalog(unit: Unit, units: readonly Unit[] = [unit]): Catalog {
  const drafts = toDrafts([unit, ...units.filter((other) => other.unit !== unit.unit)]);
  const own = [...drafts.values()].filter((draft) => draft.unit === unit.unit);
  const others = [...drafts.values()].filter((draft) => draft.unit !== unit.unit);
  addFields(own, drafts, (draft, to) => draft.unit === to.unit);
  // Another unit's faults are its own to report: here its first field of a name counts.
  for (const draft of others) tolerate(() => addOwnFields(draft, drafts, (one, to) => one.unit === to.unit));
  for (const draft of others) tolerate(() => addRowsOfOthers(draft, drafts));
  assertRootsDiffer([unit]);
  return { ...toShared(units), unit, types: toTypes(own), listed: toListed(own) };
}

/**
 * The catalogue of all that lies in the store: links lead into other units as into their own. Throws HUB_MANIFEST_INVALID
 * when two things would stand under one name.
 */
export function toHubCatalog(units: readonly Unit[]): Catalog {
  const drafts = toDrafts(units);
  const all = [...drafts.values()];
  addFields(all, drafts, () => true);
  assertRootsDiffer(units);
  return { ...toShared(units), unit: null, types: toTypes(all), listed: toListed(all) };
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

/** Whether rows of a type have a place: their own, or that of the thing that they are of. */
export function hasPlace({ type, locationBy }: CatalogType): boolean {
  return findLocation(type) !== null || (locationBy !== null && hasPlace(locationBy.to));
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

function addFields(own: readonly Draft[], drafts: ReadonlyMap<string, Draft>, isFollowed: IsFollowed): void {
  for (const draft of own) addOwnFields(draft, drafts, isFollowed);
  for (const draft of own) addRowsOfOthers(draft, drafts);
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

/** The point that is a row's own location; null where it has none, or shows none. */
export function findLocation(type: UnitType): Field | null {
  return type.fields.find((field) => field.name === 'location' && !field.hidden) ?? null;
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

/** Gives the things their readings and the linked types their inverses. */
function addRowsOfOthers(draft: Draft, drafts: ReadonlyMap<string, Draft>): void {
  const { type } = draft;
  const thing = type.role === 'reading' && type.of !== null ? findTarget(draft, type.of, drafts) : null;
  if (thing !== null && thing.unit === draft.unit && type.of !== null && type.as !== null) {
    addField(thing, type.as, { kind: 'list', type: draft, by: type.of });
    addField(thing, toAggregate(type.as), { kind: 'groups', type: draft, by: type.of });
    addField(thing, toLatest(type.as), { kind: 'latest', type: draft, by: type.of });
  }
  for (const link of type.links) {
    const target = findTarget(draft, link.name, drafts);
    if (target === null || target.unit !== draft.unit) continue;
    if (link.current !== null && type.valid !== null)
      addField(target, link.current, { kind: 'current', type: draft, by: link.name });
    if (link.inverse === null) continue;
    addField(target, link.inverse, { kind: link.one ? 'single' : 'list', type: draft, by: link.name });
    if (!link.one)
      addField(target, toAggregate(link.inverse), { kind: 'groups', type: draft, by: link.name });
  }
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

function toRoots(name: string): readonly string[] {
  const plural = toPlural(name);
  return [toSingular(name), plural, toAggregate(plural), toChangesRoot(name)];
}

function assertRootsDiffer(units: readonly Unit[]): void {
  const seen = new Map<string, string>();
  for (const { unit, types } of units) {
    for (const { name } of types) {
      for (const root of toRoots(name)) {
        const other = seen.get(root);
        if (other !== undefined) {
          throw new HubError(
            'HUB_MANIFEST_INVALID',
            `${unit}: types ${other} and ${name} would both be asked as "${root}"; rename one of them in unit.yaml`,
            { place: { unit, type: name } },
          );
        }
        seen.set(root, name);
      }
    }
  }
}
