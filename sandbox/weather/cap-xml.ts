// A warning as a CAP message in China's national form (GB/T 34283): Beijing time, latitude before longitude, the colour in a
// parameter. cap-archive.ts hands the messages out.
import { toChance } from '../storm/noise.ts';
import { CITY, type County } from './station.ts';
import { toBeijing } from './time.ts';
import type { Warning } from './warnings.ts';
import type { World } from './world.ts';

const INSTRUCTIONS: Readonly<Record<Warning['signal']['colour'], string>> = {
  red: '停止集会、停课、停业(除特殊行业外);做好山洪、滑坡、泥石流等灾害的防御和抢险工作。',
  orange: '切断有危险的室外电源,暂停户外作业;处于危险地带的单位应当停课、停业,转移人员。',
  yellow: '交通管理部门应当在强降雨路段采取交通管制措施;暂停在空旷地方的户外作业。',
  blue: '学校、幼儿园采取适当措施,保证学生和幼儿安全;检查城市、农田、鱼塘排水系统。',
};
const VERBS: Readonly<Record<Warning['type'], string>> = {
  ALERT: '发布',
  UPDATE: '变更发布',
  CANCEL: '解除',
};

/** One `<alert>`. */
export function toAlertXml(world: World, warning: Warning): string {
  const { identifier, issuer, sentAt, expiresAt, status, signal, event, replaces } = warning;
  const sent = toBeijing(sentAt);
  const headline = `${toSender(issuer)}${VERBS[warning.type]}${event.zh}${signal.zh}预警信号`;
  const areas = warning.counties.map(({ name }) => name).join('、');
  return [
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">',
    tag('identifier', identifier),
    tag('sender', toSender(issuer)) + tag('sent', sent) + tag('status', status),
    tag('msgType', toMsgType(world, warning)) + tag('scope', 'Public'),
    ...(replaces === null ? [] : [tag('references', toReference(replaces))]),
    '<info>',
    tag('language', 'zh-CN') + tag('category', 'Met') + tag('event', event.zh) + tag('eventType', event.code),
    tag('urgency', 'Immediate') + tag('severity', signal.severity) + tag('certainty', 'Likely'),
    tag('effective', sent) + tag('expires', toBeijing(expiresAt)) + tag('senderName', toSender(issuer)),
    tag('headline', headline),
    tag('description', toDescription(warning, headline, areas)),
    tag('instruction', warning.type === 'CANCEL' ? '恢复正常生产生活秩序。' : INSTRUCTIONS[signal.colour]),
    `<parameter>${tag('valueName', '预警颜色')}${tag('value', signal.zh)}</parameter>`,
    `<area>${tag('areaDesc', areas)}${tag('polygon', toPolygon(world, warning.counties))}`,
    ...warning.counties.map(
      ({ code }) => `<geocode>${tag('valueName', '行政区划代码')}${tag('value', code)}</geocode>`,
    ),
    '</area>',
    '</info>',
    '</alert>',
  ].join('\n');
}

export function tag(name: string, text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<${name}>${escaped}</${name}>`;
}

function toSender({ name, code }: County): string {
  return code === CITY.code ? `${name}气象台` : `${name}气象局`;
}

/** CAP's words, but for one that a widely used client cannot spell. */
function toMsgType({ seed, traps }: World, { type, identifier }: Warning): string {
  if (type !== 'CANCEL') return type === 'ALERT' ? 'Alert' : 'Update';
  const misspelt = toChance(seed, 121, ...identifier.split('_').map(Number)) < 0.5;
  return traps.cancle && misspelt ? 'Cancle' : 'Cancel';
}

/** CAP's reference: sender,identifier,sent. */
function toReference({ issuer, identifier, sentAt }: Warning): string {
  return [toSender(issuer), identifier, toBeijing(sentAt)].join(',');
}

function toDescription({ type, status, signal }: Warning, headline: string, areas: string): string {
  if (status === 'Exercise') return `【演练】${headline}。本信息仅用于系统联调演练。`;
  if (type === 'CANCEL') return `${headline}:${areas}降雨已明显减弱。`;
  const { hours, depth } = signal;
  return `${headline}:${areas}${hours}小时内降雨量将达${depth}毫米以上,或者已达${depth}毫米以上且降雨可能持续。`;
}

/** Corners round the counties, closed, "lat,lon lat,lon …": an octagon as large as the county, a rectangle round several. */
function toPolygon({ stations }: World, counties: readonly County[]): string {
  const octagons = counties.map(({ code, areaKm2 }) => {
    const own = stations.filter(({ county }) => county === code);
    const middle = (value: 'lat' | 'lon') =>
      own.reduce((sum, station) => sum + station[value], 0) / Math.max(1, own.length);
    const radius = Math.sqrt(areaKm2 / Math.PI);
    return Array.from({ length: 8 }, (_, corner) => {
      const angle = ((corner + 0.5) * Math.PI) / 4;
      return {
        lat: middle('lat') + (radius * Math.cos(angle)) / 110.8,
        lon: middle('lon') + (radius * Math.sin(angle)) / 100.4,
      };
    });
  });
  const [first = [], ...others] = octagons;
  const ring = others.length === 0 ? first : toRectangle(octagons.flat());
  return [...ring, ...ring.slice(0, 1)]
    .map(({ lat, lon }) => `${lat.toFixed(4)},${lon.toFixed(4)}`)
    .join(' ');
}

type Corner = { readonly lat: number; readonly lon: number };

function toRectangle(corners: readonly Corner[]): Corner[] {
  const [lats, lons] = [corners.map(({ lat }) => lat), corners.map(({ lon }) => lon)];
  const [north, south] = [Math.max(...lats), Math.min(...lats)];
  const [east, west] = [Math.max(...lons), Math.min(...lons)];
  return [
    { lat: north, lon: east },
    { lat: south, lon: east },
    { lat: south, lon: west },
    { lat: north, lon: west },
  ];
}
