// What a message says: frames in hex, JSON, tables; topics with their captures; and what nobody can read.
import { describe, expect, test } from '@jest/globals';
import { encodePart, encodeUnit, frame } from '../../codecs/gb26875/gb26875.fixture.ts';
import { codecs, type SettingsOptions, toSettings } from './broker.fixture.ts';
import { type Message, toReading } from './reading.ts';
import { toMqttPlan } from './settings.ts';

const NOW = Date.UTC(2026, 3, 5, 0, 30);
const PART = {
  systemType: 1,
  systemAddress: 1,
  partType: 3,
  partAddress: 217,
  state: 2,
  text: '三楼烟感',
  time: '260405083000',
};
const ALARM = frame(encodeUnit(2, [encodePart(PART), encodePart({ ...PART, partAddress: 218 })]));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function read(topic: string, payload: string | Uint8Array, change: SettingsOptions & Partial<Message> = {}) {
  const { isRetained = false } = change;
  const message = { topic, payload: Buffer.from(payload), isRetained };
  return toReading(toMqttPlan(toSettings(change), codecs), message, NOW);
}
const toCodes = (reading: ReturnType<typeof read>) =>
  reading.parts.flatMap(({ object, unreadable }) => unreadable.map(({ code }) => [object, code]));

describe('a frame in hex', () => {
  test('is its record, with the topic and who sent it in it', () => {
    const { parts, sender, refusal } = read('fire/yz-0017/up/frame', `${toHex(ALARM)}\r\n`);
    expect(parts).toMatchObject([
      {
        object: 'frames',
        records: [
          {
            '@topic': 'fire/yz-0017/up/frame',
            '@site': 'yz-0017',
            '@message': '2',
            items: [{ partAddress: 217, text: '三楼烟感', signals: ['fire'] }, { partAddress: 218 }],
          },
        ],
        unreadable: [],
      },
    ]);
    expect([sender, refusal]).toEqual(['yz-0017', null]);
  });

  test('of a command that is not wanted is nothing, of one that no object names is set aside with its bytes', () => {
    expect(read('fire/a/up/frame', toHex(frame(new Uint8Array(0), { command: 3 }))).parts).toEqual([]);
    const unnamed = frame(Uint8Array.of(1, 2), { command: 9 });
    const reading = read('fire/a/up/frame', toHex(unnamed));
    expect(toCodes(reading)).toEqual([['frames', 'HUB_MAP_NO_FORM']]);
    expect(reading.parts[0]?.unreadable[0]?.raw).toMatchObject({
      '@raw': unnamed,
      '@message': '9',
      '@site': 'a',
    });
  });

  test('that is damaged is set aside, and the sound one behind it in the same message is read', () => {
    const damaged = Uint8Array.from(ALARM, (byte, at) => (at === 40 ? byte ^ 1 : byte));
    const reading = read('fire/a/up/frame', toHex(damaged) + toHex(ALARM));
    expect(reading.parts).toMatchObject([
      {
        records: [{ serial: 0x1234 }],
        unreadable: [{ raw: { '@raw': damaged, '@reason': 'CHECKSUM', '@offset': 0 } }],
      },
    ]);
    expect(reading.refusal).toMatch(/^CHECKSUM at byte 0/);
  });

  test('that ends in its middle, or is no hex, is set aside and leaves nothing for the next message', () => {
    const half = read('fire/a/up/frame', toHex(ALARM.subarray(0, 50)));
    expect(half.parts).toMatchObject([{ records: [], unreadable: [{ raw: { '@reason': 'BROKEN' } }] }]);
    const odd = read('fire/a/up/frame', '4040f');
    expect(odd.parts[0]?.unreadable).toMatchObject([
      {
        raw: { '@raw': Buffer.from('4040f'), '@topic': 'fire/a/up/frame' },
        message: 'its payload is not hex',
      },
    ]);
  });

  test('that shows a password and is wanted by nobody is kept without its bytes', () => {
    const objects = { air: { topics: ['air/{mn}'], codec: 'hj212', message: ['2011'] } };
    const text =
      'QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&';
    const { parts } = read('air/x', `##0101${text}1C80\r\n`, { objects });
    expect(parts[0]?.unreadable).toMatchObject([{ code: 'HUB_MAP_NO_FORM', raw: { '@message': '1062' } }]);
    expect(parts[0]?.unreadable[0]?.raw).not.toHaveProperty('@raw');
    expect(JSON.stringify(parts[0]?.unreadable[0]?.raw)).not.toContain('100000');
  });
});

describe('a document', () => {
  test('is a record or a list of them; its own words never stand in the place of the topic’s', () => {
    const one = read('fire/b/up/json', '{"devAddr":"9","ts":1775348000123,"@site":"forged"}');
    expect(one.parts[0]?.records).toEqual([
      { devAddr: '9', ts: 1775348000123, '@site': 'b', '@topic': 'fire/b/up/json' },
    ]);
    expect(read('fire/b/up/json', '[{"a":1},{"a":2}]').parts[0]?.records).toMatchObject([{ a: 1 }, { a: 2 }]);
  });

  test('that is cut off, in another encoding or no object is set aside with what it was', () => {
    for (const payload of ['{"a":', Buffer.from([0x7b, 0xd3, 0xc0, 0x7d]), '"word"', '17'])
      expect(read('fire/b/up/json', payload).parts).toMatchObject([
        {
          object: 'json',
          records: [],
          unreadable: [{ raw: { '@raw': Buffer.from(payload), '@site': 'b' } }],
        },
      ]);
    expect(read('fire/b/up/json', '[{"a":1},7]').parts).toMatchObject([
      { records: [{ a: 1 }], unreadable: [{ raw: { '@raw': '7', '@row': 2 } }] },
    ]);
    expect(read('fire/b/up/json', '').parts).toEqual([]);
  });

  test('may lie below a path, within a text, in base64, in GBK or in a table', () => {
    const objects = {
      deep: { topics: ['deep'], records: 'body.list', unwrap: [{ path: 'body', codec: 'json' }] },
      coded: { topics: ['coded'], payload: 'base64' },
      table: { topics: ['table'], codec: 'csv' },
    };
    const records = (topic: string, payload: string | Uint8Array, options = {}) =>
      read(topic, payload, { objects, options }).parts[0]?.records;
    expect(records('deep', '{"body":"{\\"list\\":[{\\"a\\":1}]}"}')).toMatchObject([{ a: 1 }]);
    expect(records('coded', Buffer.from('{"a":2}').toString('base64'))).toMatchObject([{ a: 2 }]);
    expect(records('table', 'a,b\n1,2\n3,4\n')).toMatchObject([{ a: '1' }, { b: '4' }]);
    const gbk = Buffer.concat([Buffer.from('{"a":"'), Buffer.from('d3c0d6dd', 'hex'), Buffer.from('"}')]);
    expect(records('coded', gbk.toString('base64'), { encoding: 'gb18030' })).toMatchObject([{ a: '永州' }]);
    expect(read('deep', '{"other":1}', { objects }).refusal).toMatch(/has no `body.list`/);
  });

  test('longer than the manifest allows is set aside without being taken apart', () => {
    const { refusal } = read('fire/b/up/json', `{"a":"${'x'.repeat(300)}"}`, { frameBytes: 256 });
    expect(refusal).toBe('308 bytes, more than `limits.frameBytes` allows');
  });
});

describe('a topic', () => {
  test('that no object names is set aside: what it brought is not lost', () => {
    const reading = read('fire/a/down/frame', 'x');
    expect(toCodes(reading)).toEqual([['frames', 'HUB_MAP_NO_FORM']]);
    expect(reading.sender).toBeNull();
  });

  test('of signs of life need not be readable, and says nothing when the broker kept it', () => {
    expect(read('fire/a/online', '{{{').parts).toEqual([{ object: 'state', records: [], unreadable: [] }]);
    expect(read('fire/a/online', '{}', { isRetained: true }).parts).toEqual([]);
  });

  test('is matched level by level; # takes all that follow, and a broker’s own topics are nobody’s', () => {
    const objects = {
      all: { topics: ['a/{x}/#'], codec: 'json' },
      any: { topics: ['{x}/+/c'], codec: 'json' },
    };
    const toObject = (topic: string) => {
      const { parts } = read(topic, '{"v":1}', { objects });
      return parts.flatMap(({ object, records }) => records.map((record) => [object, record['@x']]));
    };
    expect(toObject('a/1')).toEqual([['all', '1']]);
    expect(toObject('a/1/2/3')).toEqual([['all', '1']]);
    expect(toObject('b/1/c')).toEqual([['any', 'b']]);
    expect([toObject('b/1/c/d'), toObject('a'), toObject('$SYS/1/c')]).toEqual([[], [], []]);
  });
});
