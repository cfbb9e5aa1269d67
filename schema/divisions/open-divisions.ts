// Reads the city's divisions from the files beside this module (schema/README.md says where each comes from).
import { readFile } from 'node:fs/promises';
import { compileCountyAt } from './county-at.ts';
import { type Divisions, toDivisions } from './divisions.ts';
import { parseDivisions, parseFacts, parsePredecessors } from './parse-divisions.ts';

/** Opens the divisions that are delivered with the hub: codes, predecessors, facts, and outlines that say where a point lies. */
export async function openDivisions(): Promise<Divisions> {
  const [list, predecessors, map] = await Promise.all([
    readBeside('yongzhou-divisions.csv'),
    readBeside('yongzhou-predecessors.csv'),
    readBeside('yongzhou-facts.geojson'),
  ]);
  const facts = parseFacts(map);
  const outlines = [...facts].flatMap(([code, { boundary }]) =>
    boundary === null ? [] : [{ code, boundary }],
  );
  return toDivisions(parseDivisions(list), {
    facts,
    predecessors: parsePredecessors(predecessors),
    countyAt: compileCountyAt(outlines),
  });
}

function readBeside(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}
