import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { toFaultText } from '../faults.ts';
import { lintUnits } from '../lint-units.ts';
import { parseManifest } from '../parse-manifest.ts';
import { toJoinedUnits } from './units.ts';

function judge(name: string, change: (text: string) => string = (text) => text) {
  const text = change(readFileSync(new URL(`../fixtures/drafts/${name}.yaml`, import.meta.url), 'utf8'));
  const { unit, tree, faults } = parseManifest(text, { file: `${name}/unit.yaml`, folder: name });
  if (unit === null) throw new Error(faults.map(toFaultText).join('\n'));
  return { unit, tree, file: `${name}/unit.yaml` };
}

const errors = (...judged: ReturnType<typeof judge>[]): string[] =>
  lintUnits(judged)
    .filter(({ severity }) => severity === 'error')
    .map(({ id, path, message }) => `${id} ${path}: ${message}`);

describe('units together', () => {
  test('M080: a link into a unit or type that does not exist', () => {
    const crossing = 'types.FerryCrossing.links.gauge.to';
    const to = (target: string) =>
      judge('maritime', (text) => text.replace('hydrology.HydroStation', target));
    expect(errors(to('hydrolgy.HydroStation'), judge('hydrology'))).toEqual([
      `M080 ${crossing}: there is no unit hydrolgy; did you mean "hydrology"?`,
    ]);
    expect(errors(to('hydrology.HydroStatoin'), judge('hydrology'))).toEqual([
      `M080 ${crossing}: hydrology has no type HydroStatoin; did you mean "HydroStation"?`,
    ]);
  });

  test('M081: the first unit keeps a name, the later one is told', () => {
    const second = judge('maritime', (text) => text.replaceAll(/\bVessel\b(?!:? vessel)/g, 'HydroStation'));
    const found = errors(judge('hydrology'), second);
    expect(found).toContain('M081 types.HydroStation: hydrology has this name already');
  });

  test('M082: an inverse on another unit is warned of, at its line', () => {
    const [fault] = lintUnits([judge('hydrology'), judge('maritime')]);
    expect(fault).toMatchObject({ id: 'M082', severity: 'warning', file: 'maritime/unit.yaml', line: 113 });
  });

  test('M054: a link into another unit must cover its key, with fields of the same kind', () => {
    const by = (on: string) => judge('maritime', (text) => text.replace('{ hydroCode: code }', on));
    expect(errors(judge('hydrology'), by('{ hydroCode: rtu }'))).toEqual([
      'M054 types.FerryCrossing.links.gauge.on: must cover the key of hydrology.HydroStation: code',
    ]);
    expect(errors(judge('hydrology'), by('{ phone: code }'))).toEqual([
      'M054 types.FerryCrossing.links.gauge.on: phone is a phone, but HydroStation.code is a text',
    ]);
  });

  test('M055: an inverse must not take the name of a field or reading of its target', () => {
    const as = (name: string) =>
      judge('maritime', (text) => text.replace('inverse: ferryCrossings', `inverse: ${name}`));
    expect(errors(judge('hydrology'), as('river'))).toEqual([
      'M055 types.FerryCrossing.links.gauge.inverse: hydrology.HydroStation has the name river already',
    ]);
  });

  test('M055: two units must not add one name: the first keeps it', () => {
    const water = judge('water');
    const later = judge('maritime', (text) => text.replace('inverse: ferryCrossings', 'inverse: reservoir'));
    expect(errors(judge('hydrology'), water, later).filter((line) => line.startsWith('M055'))).toEqual([
      'M055 types.FerryCrossing.links.gauge.inverse: water adds the name reservoir to hydrology.HydroStation already',
    ]);
  });

  test('M057: near must be something with a place', () => {
    const near = judge('natural-resources', (text) =>
      text.replace('to: hydrology.HydroStation', 'to: hydrology.FloodTravel'),
    );
    expect(errors(judge('hydrology'), near)).toEqual([
      'M057 types.GeoHazardPoint.links.nearestStation.nearest.to: FloodTravel has no location',
    ]);
  });

  test('pairs into another unit are put in the order of its key', () => {
    const swapped = judge('education', (text) =>
      text.replace('on: { plate: plate, colour: colour }', 'on: { colour: colour, plate: plate }'),
    );
    const units = toJoinedUnits([swapped.unit, judge('transport').unit]);
    const link = units[0]?.types
      .find(({ name }) => name === 'SchoolBus')
      ?.links.find(({ name }) => name === 'vehicle');
    expect(link?.on).toEqual([
      {
        over: 'key',
        pairs: [
          { own: 'plate', target: 'plate' },
          { own: 'colour', target: 'colour' },
        ],
      },
    ]);
  });
});
