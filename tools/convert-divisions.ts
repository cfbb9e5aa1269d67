// Writes schema/divisions/yongzhou-facts.geojson from schema/divisions/origin: `npm run divisions`. The same files give the
// same bytes; a test compares them.
import { readFile, writeFile } from 'node:fs/promises';
import { toDivisions } from '../schema/divisions/divisions.ts';
import { parseDivisions, parsePredecessors } from '../schema/divisions/parse-divisions.ts';
import { toFactsMap } from './divisions/facts-map.ts';

const FOLDER = new URL('../schema/divisions/', import.meta.url);

const [counties = '', facts = '', list = '', predecessors = ''] = await Promise.all(
  [
    'origin/yongzhou-counties-gcj02.geojson',
    'origin/yongzhou-facts.csv',
    'yongzhou-divisions.csv',
    'yongzhou-predecessors.csv',
  ].map((name) => readFile(new URL(name, FOLDER), 'utf8')),
);
const divisions = toDivisions(parseDivisions(list), { predecessors: parsePredecessors(predecessors) });
await writeFile(new URL('yongzhou-facts.geojson', FOLDER), toFactsMap({ counties, facts }, divisions));
