import { describe, expect, test } from '@jest/globals';
import { parseScenes, toSpot } from './scene.ts';

describe('a spot', () => {
  const scenes = parseScenes();

  test('lies within reach of its scene, and is the same for the same seed', () => {
    for (let number = 0; number < 500; number += 1) {
      const { scene, road, lon, lat } = toSpot(scenes, 1, number);
      const km = Math.hypot((lon - scene.lon) * 100.4, (lat - scene.lat) * 110.8);
      expect(km).toBeLessThan(scene.reachKm * 0.61);
      expect(scene.roads).toContain(road);
    }
    expect(toSpot(scenes, 1, 7)).toEqual(toSpot(scenes, 1, 7));
    expect(toSpot(scenes, 2, 7)).not.toEqual(toSpot(scenes, 1, 7));
  });

  test('may be in each of the eleven counties', () => {
    expect(new Set(scenes.map(({ code }) => code.slice(0, 6))).size).toBe(11);
  });
});
