// The bureau's SOAP service at /services/DzzhService: two operations, Basic authentication, a Fault under HTTP 500 for what
// goes wrong.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { Call, Reply } from '../http/http-system.ts';
import { HOUR } from '../storm/storm.ts';
import { toAlarms } from './alarm.ts';
import {
  parseEnvelope,
  SoapFault,
  toAnswerEnvelope,
  toElement,
  toFaultEnvelope,
  toText,
} from './envelope.ts';
import type { Hazard } from './hazard.ts';
import { parseBeijing, type Row, toAlarmRow, toHazardRow } from './rows.ts';
import { toWsdl } from './wsdl.ts';

export type ServiceOptions = {
  readonly seed: number;
  readonly user: string;
  readonly password: string;
  /** No older alarm is shown. */
  readonly since: Instant;
  now(): Instant;
  /** The register as it is now. */
  hazards(): readonly Hazard[];
  /** The slopes with sensors, struck off since or not. */
  readonly watched: readonly Hazard[];
};

export const PATH = '/services/DzzhService';
const LARGEST_PAGE = 100;
const LONGEST_SPAN = 24 * HOUR;

type Args = Readonly<Record<string, string>>;

export function toService(options: ServiceOptions): (call: Call) => Reply {
  const expected = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`;
  return (call) => {
    if (call.path !== PATH) return { status: 404, type: 'text/plain', text: 'Not found' };
    if (call.headers.authorization !== expected)
      return { status: 401, type: 'text/plain', text: 'Unauthorized' };
    if (call.method === 'GET' && call.query.has('wsdl'))
      return { status: 200, type: 'text/xml', text: toWsdl(`http://${call.headers.host ?? ''}${PATH}`) };
    if (call.method !== 'POST') return { status: 405, type: 'text/plain', text: 'POST, or GET with ?wsdl' };
    try {
      const { operation, args } = parseEnvelope(call.body);
      const document = toDocument(options, operation, args);
      return { status: 200, type: 'text/xml', text: toAnswerEnvelope(operation, document) };
    } catch (error) {
      if (!(error instanceof SoapFault)) throw error;
      return { status: 500, type: 'text/xml', text: toFaultEnvelope(error) };
    }
  };
}

function toDocument(options: ServiceOptions, operation: string, args: Args): string {
  switch (operation) {
    case 'getYhdList':
      return toHazardList(options.hazards(), args);
    case 'getJcgjList':
      return toAlarmList(options, args);
    default:
      throw new SoapFault('Client', `没有操作${operation.slice(0, 40)}`);
  }
}

function toHazardList(hazards: readonly Hazard[], args: Args): string {
  const page = parseCount(args.pageNo, 100_000);
  const size = parseCount(args.pageSize, LARGEST_PAGE);
  const shown = hazards.slice((page - 1) * size, page * size).map((hazard) => toHazardRow(hazard));
  return toList(toElement('total', String(hazards.length)) + toRecords('yhd', shown));
}

/** Both ends are with it; nothing there is an empty list. */
function toAlarmList({ seed, since, now, watched }: ServiceOptions, { kssj = '', jssj = '' }: Args): string {
  const [from, to] = [parseBeijing(kssj), parseBeijing(jssj)];
  if (from === null || to === null || from > to)
    throw new SoapFault('Client', 'kssj、jssj须为yyyy-MM-dd HH:mm:ss');
  if (to - from > LONGEST_SPAN) throw new SoapFault('Client', '查询时段不得超过24小时');
  const span = { from: Math.max(from, since), to: Math.min(to, now()), now: now() };
  return toList(toRecords('gj', toAlarms(seed, watched, span).map(toAlarmRow)));
}

function toList(inner: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${inner === '' ? '<list/>' : toElement('list', inner)}`;
}

function toRecords(name: string, rows: readonly Row[]): string {
  return rows
    .map((row) =>
      toElement(
        name,
        Object.entries(row)
          .map(([column, value]) => toElement(column, toText(value)))
          .join(''),
      ),
    )
    .join('');
}

function parseCount(text: string | undefined, most: number): number {
  const count = /^\d{1,6}$/.test(text?.trim() ?? '') ? Number(text) : 0;
  if (count < 1 || count > most) throw new SoapFault('Client', '分页参数错误');
  return count;
}
