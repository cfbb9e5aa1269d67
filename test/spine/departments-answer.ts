// What a client gets of every department in one question, cut by department: what is compared with a calm day, letter by letter.
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { toPlural } from '../../gateway/compile/names.ts';
import type { SourceLine } from './ask.ts';
import type { Spine } from './open-spine.ts';

export type DepartmentAnswer = {
  /** The department's rows of the city, as text. */
  readonly rows: string;
  /** All that is told of it: its rows, its part of `units` and of `extensions.sources`, but for the milliseconds. */
  readonly text: string;
  readonly status: string;
  /** The codes with which its types' newest runs failed. */
  readonly errors: readonly string[];
  readonly source: Partial<SourceLine>;
};

type Told = {
  division: { readonly [alias: string]: unknown };
  units: readonly {
    code: string;
    status: string;
    types: readonly { lastRun: { error: { code: string } | null } | null }[];
  }[];
};

/** A few rows of every type of every unit in the city, each with how old it is and by which way it came. */
function toQuestion(units: readonly Unit[]): string {
  const lists = units.flatMap(({ unit, types }) =>
    types.map(
      ({ name }) =>
        `${toAlias(unit)}_${name}: ${toPlural(name)}(first: 10) { totalCount nodes { id source { receivedAt freshness via } } }`,
    ),
  );
  return `{ division(code: "431100") { code ${lists.join(' ')} } units { code status types { name rows lastRun { error { code } } } } }`;
}

const toAlias = (unit: string) => unit.replaceAll('-', '_');

/** Throws when the answer is not whole: no department may cost the city an error. */
export async function askDepartments(
  spine: Pick<Spine, 'ask'>,
  units: readonly Unit[],
): Promise<ReadonlyMap<string, DepartmentAnswer>> {
  const { data, errors, sources } = await spine.ask<Told>(toQuestion(units));
  if (errors.length > 0) throw new Error(`must answer without errors, but got: ${JSON.stringify(errors)}`);
  return new Map(
    units.map(({ unit }) => {
      const mine = `${toAlias(unit)}_`;
      const lists = Object.entries(data.division).filter(([alias]) => alias.startsWith(mine));
      const rows = JSON.stringify(lists);
      const told = data.units.find(({ code }) => code === unit);
      const source = { ...sources.find((line) => line.unit === unit), milliseconds: 0 };
      const codes = told?.types.map(({ lastRun }) => lastRun?.error?.code ?? null) ?? [];
      return [
        unit,
        {
          rows,
          text: [rows, JSON.stringify(told), JSON.stringify(source)].join('\n'),
          status: told?.status ?? 'absent',
          errors: codes.filter((code) => code !== null),
          source,
        },
      ];
    }),
  );
}
