// The question of a dashboard: eleven counties (and the two zones of their rank, in which nothing lies), every type of three
// units, ten rows each, and what makes no two requests equal.

/** `until`: UTC instant up to which readings and events are asked. `level`: metres that a station's warning level is above. */
export type Variables = { readonly until: string; readonly level: number };

export const QUERY = `query Dashboard($until: DateTime!, $level: Float!) { divisions(level: COUNTY) { code name
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

/** After how many requests an instant comes again: five and a half hours, of the eight that the readings fill. */
const INSTANTS = 20_011;

/** The variables of the request `index`; `newest`: the instant of the newest readings, milliseconds since 1970. */
export function toVariables(newest: number, index: number): Variables {
  const until = new Date(newest - (index % INSTANTS) * 1000);
  return { until: until.toISOString().replace('.000Z', 'Z'), level: 165 + (index % 97) / 10 };
}
