import { describe, expect, test } from '@jest/globals';
import { HOUR } from '../storm/storm.ts';
import { tag, toAlertXml } from './cap-xml.ts';
import { SIGNALS } from './signal.ts';
import { COUNTIES } from './station.ts';
import { toWarnings, type Warning } from './warnings.ts';
import { START, toWorld } from './weather.fixture.ts';

const warnings = toWarnings(toWorld())(START - 15 * 24 * HOUR, START);
const [, orange] = SIGNALS;
const daoxian = COUNTIES.find(({ name }) => name === '道县');
if (orange === undefined || daoxian === undefined) throw new Error('the tables lack orange or 道县');

const alert: Warning = {
  identifier: '43112441600000_20260405083015_0',
  issuer: daoxian,
  sentAt: START + 30 * 60_000 + 15_000,
  expiresAt: START + 3.5 * HOUR + 15_000,
  status: 'Actual',
  type: 'ALERT',
  signal: orange,
  event: { code: '11B03', zh: '暴雨' },
  counties: [daoxian],
  replaces: null,
};

describe('a warning as a CAP message', () => {
  test('has these bytes', () => {
    expect(toAlertXml(toWorld(), alert)).toBe(
      `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>43112441600000_20260405083015_0</identifier>
<sender>道县气象局</sender><sent>2026-04-05T08:30:15+08:00</sent><status>Actual</status>
<msgType>Alert</msgType><scope>Public</scope>
<info>
<language>zh-CN</language><category>Met</category><event>暴雨</event><eventType>11B03</eventType>
<urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>
<effective>2026-04-05T08:30:15+08:00</effective><expires>2026-04-05T11:30:15+08:00</expires><senderName>道县气象局</senderName>
<headline>道县气象局发布暴雨橙色预警信号</headline>
<description>道县气象局发布暴雨橙色预警信号:道县3小时内降雨量将达50毫米以上,或者已达50毫米以上且降雨可能持续。</description>
<instruction>切断有危险的室外电源,暂停户外作业;处于危险地带的单位应当停课、停业,转移人员。</instruction>
<parameter><valueName>预警颜色</valueName><value>橙色</value></parameter>
<area><areaDesc>道县</areaDesc><polygon>POLYGON</polygon>
<geocode><valueName>行政区划代码</valueName><value>431124</value></geocode>
</area>
</info>
</alert>`.replace('POLYGON', polygonOf(toAlertXml(toWorld(), alert))),
    );
  });

  test('names the message that it replaces, and cancels in one of two spellings', () => {
    const cancels = warnings.filter(({ type }) => type === 'CANCEL');
    const spellings = (cancle: boolean) =>
      cancels.map((warning) => /<msgType>(\w+)</.exec(toAlertXml(toWorld({ cancle }), warning))?.[1]);
    expect(new Set(spellings(true))).toEqual(new Set(['Cancel', 'Cancle']));
    expect(new Set(spellings(false))).toEqual(new Set(['Cancel']));
    expect(spellings(true)).toEqual(spellings(true));
    const [cancel] = cancels;
    if (cancel === undefined || cancel.replaces === null) throw new Error('a cancel is needed');
    const { issuer, identifier } = cancel.replaces;
    expect(toAlertXml(toWorld(), cancel)).toContain(`<references>${issuer.name}气象局,${identifier},20`);
  });

  test('has a closed polygon with latitude first: eight corners for one county, four for several', () => {
    for (const warning of [...warnings.slice(0, 60), alert]) {
      const corners = polygonOf(toAlertXml(toWorld(), warning)).split(' ');
      expect(corners).toHaveLength(warning.counties.length === 1 ? 9 : 5);
      expect(corners[0]).toBe(corners.at(-1));
      for (const corner of corners) expect(corner).toMatch(/^2[456]\.\d{4},11[012]\.\d{4}$/);
    }
  });

  test('lists every county that it is for', () => {
    const exercise = warnings.find(({ status }) => status === 'Exercise');
    if (exercise === undefined) throw new Error('an exercise is needed');
    const codes = [...toAlertXml(toWorld(), exercise).matchAll(/<value>(\d{6})<\/value>/g)];
    expect(codes.map(([, code]) => code)).toEqual(COUNTIES.map(({ code }) => code));
  });

  test('escapes what XML would take for its own', () => {
    expect(tag('a', 'x < y & z > "w"')).toBe('<a>x &lt; y &amp; z &gt; "w"</a>');
  });
});

function polygonOf(xml: string): string {
  return /<polygon>([^<]*)</.exec(xml)?.[1] ?? '';
}
