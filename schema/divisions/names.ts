// Names of divisions as people and legacy systems write them: 祁阳县 for 祁阳市, 江华县 for 江华瑶族自治县, 东冲村 for
// 东冲村委会, a whole address. Serves `byName` of divisions.ts.
import type { Division } from './division.ts';

type Named = { readonly division: Division; readonly name: string; readonly stem: string };
type Match = { readonly division: Division; readonly rest: string };

const COUNTY_ENDING = /(?:瑶族自治县|管理区|经济技术开发区|开发区|自治县|县|市|区)$/u;
const TOWN_ENDING = /(?:瑶族乡|民族乡|街道办事处|办事处|街道|镇|乡)$/u;
const COMMITTEE = /(?:村民委员会|居民委员会|村委会|居委会)$/u;
const VILLAGE_ENDING = /(?:社区|村)$/u;

/** A function that finds the division that names say (see `Divisions.byName`). */
export function compileNames(list: readonly Division[]): (names: readonly string[]) => Division | null {
  const city = list.find((division) => division.level === 'CITY');
  const cityName = city?.name ?? '';
  const toNamed = (division: Division): Named => {
    const name = toPlain(division.name, cityName);
    return { division, name, stem: toStem(name, division.level) };
  };
  const below = toBelow(list.filter((division) => division !== city).map(toNamed));
  const deep = [...below.values()].flat().filter(({ division }) => division.level !== 'COUNTY');

  return (names) => {
    let found: Division | null = null;
    for (const written of names) {
      let rest = toPlain(written, cityName);
      if (rest === '') {
        if (found === null && written.trim() === cityName) found = city ?? null;
        continue;
      }
      while (rest !== '') {
        const match: Match | null = findIn(toScope(found, city, below, deep), rest);
        if (match === null) break;
        found = match.division;
        rest = match.rest;
      }
    }
    return found;
  };
}

function toBelow(all: readonly Named[]): ReadonlyMap<string, readonly Named[]> {
  const below = new Map<string, Named[]>();
  for (const named of all) {
    const parent = named.division.parent ?? '';
    const siblings = below.get(parent);
    if (siblings === undefined) below.set(parent, [named]);
    else siblings.push(named);
  }
  return below;
}

// Inside a division only its own descendants can be meant; at the city's level a county, else any lone town or village.
function toScope(
  found: Division | null,
  city: Division | undefined,
  below: ReadonlyMap<string, readonly Named[]>,
  deep: readonly Named[],
): readonly (readonly Named[])[] {
  if (found === null || found === city) return [below.get(city?.code ?? '') ?? [], deep];
  const children = below.get(found.code) ?? [];
  return [children, children.flatMap(({ division }) => below.get(division.code) ?? [])];
}

function findIn(scopes: readonly (readonly Named[])[], text: string): Match | null {
  for (const scope of scopes) {
    const match = findAmong(scope, text);
    if (match !== null) return match;
  }
  return null;
}

// The whole text first, then its stem, then a name at its beginning; what several bear is no answer.
function findAmong(scope: readonly Named[], text: string): Match | null {
  const equal = scope.filter(({ name }) => name === text);
  if (equal.length > 0) return toOnly(equal, '');
  const stems = scope.filter(
    ({ division, stem }) => stem.length > 1 && stem === toStem(text, division.level),
  );
  if (stems.length > 0) return toOnly(stems, '');
  const leading = scope.filter(({ name }) => name.length > 1 && text.startsWith(name));
  const longest = Math.max(...leading.map(({ name }) => name.length));
  return toOnly(
    leading.filter(({ name }) => name.length === longest),
    text.slice(longest),
  );
}

function toOnly(matches: readonly Named[], rest: string): Match | null {
  const [only, ...others] = matches;
  return only === undefined || others.length > 0 ? null : { division: only.division, rest };
}

function toPlain(text: string, cityName: string): string {
  const bare = text.replace(/[\s\u3000]+/gu, '').replace(/^湖南省/u, '');
  return cityName !== '' && bare.startsWith(cityName) ? bare.slice(cityName.length) : bare;
}

function toStem(name: string, level: Division['level']): string {
  if (level === 'VILLAGE') return toShorter(toShorter(name, COMMITTEE), VILLAGE_ENDING);
  return toShorter(name, level === 'TOWN' ? TOWN_ENDING : COUNTY_ENDING);
}

// 道县 without its ending would be one character, which too much else begins with.
function toShorter(name: string, ending: RegExp): string {
  const stem = name.replace(ending, '');
  return stem.length > 1 ? stem : name;
}
