// A reading of a station as the hydrology centre keeps it: the world of the tests of keys, places and content.
import type { Link, Unit, UnitType } from '../manifest/model.ts';
import { field, form, reading, unit, unitType } from './mapping.fixture.ts';

const linkTo = (type: string, on: Link['on'], name = 'station'): Link => ({
  name,
  label: { zh: '站', en: 'Station' },
  to: { unit: 'sample', type },
  on,
  inverse: null,
  one: false,
  current: null,
  onMissing: 'keep',
  nearest: null,
});
const BY_CODE: Link['on'][number] = { pairs: [{ own: 'code', target: 'code' }], over: 'key' };
const BY_RTU: Link['on'][number] = { pairs: [{ own: 'rtu', target: 'rtu' }], over: 'unique' };

export const rain = (more: Partial<UnitType> = {}): Unit =>
  unit([
    unitType('Rain', {
      fields: [
        field('code', 'text'),
        field('rtu', 'text'),
        field('observedAt', 'time'),
        field('amount', 'number'),
      ],
      forms: [
        form([
          reading('code', 'text', ['stcd'], {}, { onBad: 'setAside' }),
          reading('rtu', 'text', ['rtu'], {}, { onBad: 'setAside' }),
          reading('observedAt', 'time', ['tm'], {}, { onBad: 'setAside' }),
          reading('amount', 'number', ['p']),
        ]),
      ],
      role: 'reading',
      key: ['station', 'observedAt'],
      time: 'observedAt',
      links: [linkTo('Station', [BY_CODE, BY_RTU])],
      division: [{ by: 'link', link: 'station' }],
      deletes: { absence: false, column: 'deleted', when: ['1'], maxPercent: 10 },
      ...more,
    }),
  ]);
export const RECORD = { stcd: '61512000  ', tm: '2026-04-05 08:30:00', p: '1.5', deleted: 0 };
