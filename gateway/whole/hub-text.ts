// What the hub knows by heart, as JSON text: divisions with their facts and outlines, and who asks. Keys stand in the asked
// order, as graphql-js would give them.
import type { Division, Divisions } from '../../schema/divisions/divisions.ts';
import type { Selected } from '../compile/selection.ts';
import type { Viewer } from '../subschema/contract.ts';

/** Divisions that one operation may have written; all of the city with their parents are about 7,000. */
const DIVISION_CAP = 20_000;

export type HubText = {
  /** A field of the division with this code; `null` where nobody knows the code. */
  toField(asked: Selected, code: string): string;
  /** `division`, `divisions` or `viewer`. */
  toRoot(asked: Selected): string;
  /** More divisions were asked than are written: what was given is not to be used. */
  isBeyond(): boolean;
};

/** `outlines` remembers the text of boundaries between operations. */
export function toHubText(divisions: Divisions, viewer: Viewer, outlines: Map<string, string>): HubText {
  let left = DIVISION_CAP;
  const toDivision = (division: Division | null, asked: Selected): string => {
    if (division === null || left <= 0) return 'null';
    return toObjectText(asked, (field) => toFieldOf(division, field));
  };
  const toFieldOf = (division: Division, asked: Selected): string => {
    const { code } = division;
    switch (asked.name) {
      case '__typename':
        return '"Division"';
      case 'parent':
        left -= 1;
        return toDivision(division.parent === null ? null : divisions.find(division.parent), asked);
      case 'children':
        return toListText(divisions.children(code), (child) => {
          left -= 1;
          return toDivision(child, asked);
        });
      case 'boundary':
        return toOutline(code);
      case 'centre':
        return toValueText(divisions.facts(code).centre, asked, 'Point');
      case 'predecessors':
        return toListText(divisions.predecessors(code), (one) =>
          toValueText(one, asked, 'DivisionPredecessor'),
        );
      case 'population':
      case 'area':
        return toText(divisions.facts(code)[asked.name]);
      default:
        return toText(new Map(Object.entries(division)).get(asked.name));
    }
  };
  const toOutline = (code: string): string => {
    const known = outlines.get(code) ?? toText(divisions.facts(code).boundary);
    outlines.set(code, known);
    // A long outline weighs as many divisions as it has twenties of values, ten characters each.
    left -= Math.floor(known.length / 200);
    return known;
  };
  return {
    toField(asked, code) {
      left -= 1;
      const division = divisions.find(code);
      return division === null ? 'null' : toFieldOf(division, asked);
    },
    toRoot(asked) {
      if (asked.name === 'viewer') return toValueText(viewer, asked, 'Viewer');
      if (asked.name === 'division') return toDivision(divisions.find(String(asked.args.code)), asked);
      const { level } = asked.args;
      const listed = divisions.all.filter((one) => level == null || one.level === level);
      return toListText(listed, (one) => {
        left -= 1;
        return toDivision(one, asked);
      });
    },
    isBeyond: () => left <= 0,
  };
}

/** An object whose fields are plain values. */
function toValueText(value: object | null, asked: Selected, typename: string): string {
  if (value === null) return 'null';
  const values = new Map<string, unknown>(Object.entries(value));
  return toObjectText(asked, ({ name }) => toText(name === '__typename' ? typename : values.get(name)));
}

// Response keys are GraphQL names (compile/selection.ts), so no key needs escaping.
function toObjectText(asked: Selected, toField: (field: Selected) => string): string {
  return `{${asked.fields.map((field) => `"${field.key}":${toField(field)}`).join(',')}}`;
}

function toListText<Item>(items: readonly Item[], toItem: (item: Item) => string): string {
  return `[${items.map(toItem).join(',')}]`;
}

function toText(value: unknown): string {
  return JSON.stringify(value ?? null);
}
