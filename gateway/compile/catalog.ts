// What the graph offers of one unit: for every type its fields and where each leads. The SDL is printed from it and the
// plan is made along it, so neither can know a field that the other does not.
import type { Field, Link, Unit, UnitType } from '../../connectors/kit/manifest/model.ts';

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
  | RowsField;

/**
 * What names this row: a list, the latest, the only one. `groups`: aggregates of such a list. `current`: the one of them that
 * counts at the instant that is asked for.
 */
export type RowsField = { readonly kind: 'list' | 'latest' | 'single' | 'current' | 'groups' } & RowsBy;

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
  /** Types of other units to which links of this one add fields, by name: with their id and these fields alone. */
  readonly added: ReadonlyMap<string, CatalogType>;
  /** The unit of every type of the hub, by the type's name. */
  readonly owners: ReadonlyMap<string, Unit>;
  /** By the names of a type's list in a division and of the groups of it. */
  readonly listed: ReadonlyMap<string, CatalogType>;
};

/** The field where another unit than the type's own answers it: one whose link names rows of this type. */
export function findAdded({ unit, fields }: CatalogType, name: string): RowsField | null {
  const field = fields.get(name);
  return field !== undefined && 'by' in field && field.type.unit !== unit ? field : null;
}

/** Whether rows of a type have a place: their own, or that of the thing that they are of. */
export function hasPlace({ type, locationBy }: CatalogType): boolean {
  return findLocation(type) !== null || (locationBy !== null && hasPlace(locationBy.to));
}

/** The point that is a row's own location; null where it has none, or shows none. */
export function findLocation(type: UnitType): Field | null {
  return type.fields.find((field) => field.name === 'location' && !field.hidden) ?? null;
}
