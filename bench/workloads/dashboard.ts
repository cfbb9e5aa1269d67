// The question of a dashboard: eleven counties (and the two zones of their rank, in which nothing lies), every type of three
// units, ten rows each, and what makes no two requests equal.
import { toInstantBefore, type Workload } from './contract.ts';
import { DASHBOARD_SQL } from './dashboard-sql.ts';

/** `until`: UTC instant up to which readings and events are asked. `level`: metres that a station's warning level is above. */
const QUERY = `query Dashboard($until: DateTime!, $level: Float!) { divisions(level: COUNTY) { code name
  hydroStations(where: { warnLevel: { gt: $level } }, first: 10) { nodes { id name riverName kind warnLevel location { lon lat } source { freshness receivedAt } } }
  riverReadings(where: { observedAt: { lte: $until } }, last: 10) { nodes { id observedAt stage flow station { id name } } }
  rainReadings(where: { observedAt: { lte: $until } }, last: 10) { nodes { id observedAt amount period station { id name } } }
  floodTravels(first: 10) { nodes { id shortest longest mean upstream { id name } downstream { id name } } }
  weatherStations(first: 10) { nodes { id name altitude location { lon lat } source { freshness receivedAt } } }
  observations(where: { observedAt: { lte: $until } }, last: 10) { nodes { id observedAt cadence temperature humidity pressure rain1h windSpeed windDirection visibility station { id name } } }
  warnings(where: { observedAt: { lte: $until } }, last: 10) { nodes { id sent expires status severity colour headline } }
  fireHotspots(where: { observedAt: { lte: $until } }, last: 10) { nodes { id observedAt satellite confidence brightness power location { lon lat } } }
  watchTowers(first: 10) { nodes { id name height location { lon lat } } }
  rangers(first: 10) { nodes { id name phone area } }
} }`;

const POSTGRAPHILE = `query Dashboard($until: Datetime!, $level: Float!) { divisions: allCountiesList { code name
  hydroStations(above: $level, first: 10) { nodes { id: rowId name riverName kind warnLevel location { lon lat } source { freshness receivedAt } } }
  riverReadings(until: $until, count: 10) { nodes { id: rowId observedAt stage flow station { id: rowId name } } }
  rainReadings(until: $until, count: 10) { nodes { id: rowId observedAt amount period station { id: rowId name } } }
  floodTravels(first: 10) { nodes { id: rowId shortest longest mean upstream { id: rowId name } downstream { id: rowId name } } }
  weatherStations(first: 10) { nodes { id: rowId name altitude location { lon lat } source { freshness receivedAt } } }
  observations(until: $until, count: 10) { nodes { id: rowId observedAt cadence temperature humidity pressure rain1h: rain1H windSpeed windDirection visibility station { id: rowId name } } }
  warnings(until: $until, count: 10) { nodes { id: rowId sent expires status severity colour headline } }
  fireHotspots(until: $until, count: 10) { nodes { id: rowId observedAt satellite confidence brightness power location { lon lat } } }
  watchTowers(first: 10) { nodes { id: rowId name height location { lon lat } } }
  rangers(first: 10) { nodes { id: rowId name phone area } }
} }`;

/** After how many requests an instant comes again: five and a half hours, of the more than eight that the readings fill. */
const INSTANTS = 20_011;

export const DASHBOARD: Workload = {
  name: 'dashboard',
  title: 'eleven counties × ten types of three units × ten rows',
  query: QUERY,
  postgraphile: POSTGRAPHILE,
  raw: { text: DASHBOARD_SQL, binds: ['until', 'level'] },
  connections: 4,
  toVariables: (newest, index) => ({
    until: toInstantBefore(newest, index % INSTANTS),
    level: 165 + (index % 97) / 10,
  }),
};
