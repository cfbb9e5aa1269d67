// The weather bureau's archive of warnings as its messages are written, read with no XML parser.
import type { WeatherSystem } from '../../sandbox/weather/system.ts';

export type Message = {
  readonly identifier: string;
  readonly msgType: string;
  readonly headline: string;
  readonly body: string;
  readonly instruction: string;
  /** GeoJSON: longitude before latitude. */
  readonly extent: object;
};

/** All that were sent so far; there are fewer than a page holds. */
export async function readMessages({ url, credentials }: WeatherSystem): Promise<Message[]> {
  const query = 'from=20260401000000&to=20260410000000&size=100';
  const answer = await fetch(`${url}/warning/alerts?${query}`, {
    headers: { 'X-Api-Key': credentials.capKey },
  });
  return (await answer.text())
    .split('<alert xmlns')
    .slice(1)
    .map((text) => {
      const of = (tag: string) => new RegExp(`<${tag}>(.*?)</${tag}>`).exec(text)?.[1] ?? '';
      const corners = of('polygon')
        .split(' ')
        .map((pair) => pair.split(',').map(Number).toReversed());
      return {
        ...{ identifier: of('identifier'), msgType: of('msgType'), headline: of('headline') },
        ...{ body: of('description'), instruction: of('instruction') },
        extent: { type: 'Polygon', coordinates: [corners] },
      };
    });
}
