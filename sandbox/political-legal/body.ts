// The bodies of a video platform's messages (GB/T 28181 annex A): catalogues in parts, notices, keepalives; and how carelessly
// they say in which encoding they are.
import iconv from 'iconv-lite';
import type { Instant } from '../clock/sandbox-clock.ts';
import { toGcj02 } from '../map/shift.ts';
import { toChance } from '../storm/noise.ts';
import { type Camera, type CameraEvent, isThere, toState } from './camera.ts';

export type Item = { readonly id: string; readonly xml: string };
/** Names of elements of another version of the platform. */
const OTHER_NAMES: Readonly<Record<string, string>> = { Longitude: 'Lon', Latitude: 'Lat', Status: 'Online' };

/** Directories, one a county, then the cameras that are there. `isOther`: elements have other names. */
export function toItems(
  seed: number,
  cameras: readonly Camera[],
  now: Instant,
  isOther: boolean,
): readonly Item[] {
  const counties = new Map(cameras.map(({ county, countyCode }) => [countyCode, county]));
  const directories = [...counties].map(([code, county]) => {
    const id = `${code}00002160000001`;
    return { id, xml: toXml({ DeviceID: id, Name: county, CivilCode: code, Parental: '1', Secrecy: '0' }) };
  });
  const own = cameras.filter((camera) => isThere(camera, now));
  return [
    ...directories,
    ...own.map((camera) => ({ id: camera.id, xml: toXml(toValues(seed, camera, now), isOther) })),
  ];
}

function toValues(seed: number, camera: Camera, now: Instant): Readonly<Record<string, string>> {
  const { lon, lat } = toGcj02(camera.place);
  return {
    ...{ DeviceID: camera.id, Name: camera.name, Manufacturer: camera.maker, Model: camera.model },
    ...{ Owner: '综治中心', CivilCode: camera.countyCode, Address: camera.address, Parental: '0' },
    ...{ ParentID: `${camera.countyCode}00002160000001`, SafetyWay: '0', RegisterWay: '1' },
    ...{ Secrecy: camera.isSecret ? '1' : '0', Password: 'sandbox-camera' },
    Status: toState(seed, camera, now),
    ...{ Longitude: lon.toFixed(6), Latitude: lat.toFixed(6) },
  };
}

function toXml(values: Readonly<Record<string, string>>, isOther = false): string {
  const lines = Object.entries(values).map(([name, value]) => {
    const written = isOther ? (OTHER_NAMES[name] ?? name) : name;
    return `<${written}>${value}</${written}>`;
  });
  return lines.join('\r\n');
}

/** A part of the answer to question `serial`. */
export function toPart(
  id: string,
  serial: string,
  { items, sum }: { readonly items: readonly Item[]; readonly sum: number },
): string {
  const list = items.map(({ xml }) => `<Item>\r\n${xml}\r\n</Item>`).join('\r\n');
  return `<Response>\r\n<CmdType>Catalog</CmdType>\r\n<SN>${serial}</SN>\r\n<DeviceID>${id}</DeviceID>\r\n<SumNum>${sum}</SumNum>\r\n<DeviceList Num="${items.length}">\r\n${list}\r\n</DeviceList>\r\n</Response>`;
}

export function toFailure(id: string, serial: string): string {
  return `<Response>\r\n<CmdType>Catalog</CmdType>\r\n<SN>${serial}</SN>\r\n<DeviceID>${id}</DeviceID>\r\n<Result>ERROR</Result>\r\n</Response>`;
}

export function toNotice(
  seed: number,
  id: string,
  serial: number,
  { camera, event, at }: CameraEvent,
): string {
  const values =
    event === 'ADD' ? { ...toValues(seed, camera, at), Event: event } : { DeviceID: camera.id, Event: event };
  return `<Notify>\r\n<CmdType>Catalog</CmdType>\r\n<SN>${serial}</SN>\r\n<DeviceID>${id}</DeviceID>\r\n<SumNum>1</SumNum>\r\n<DeviceList Num="1">\r\n<Item>\r\n${toXml(values)}\r\n</Item>\r\n</DeviceList>\r\n</Notify>`;
}

export function toKeepalive(id: string, serial: number): string {
  return `<Notify>\r\n<CmdType>Keepalive</CmdType>\r\n<SN>${serial}</SN>\r\n<DeviceID>${id}</DeviceID>\r\n<Status>OK</Status>\r\n</Notify>`;
}

/** GB2312 is declared; the bytes are of GBK, or, from one of the platform's programs, of UTF-8. */
export function toBody(xml: string, seed: number, serial: number): Buffer {
  const text = `<?xml version="1.0" encoding="GB2312"?>\r\n${xml}\r\n`;
  return toChance(seed, 132, serial) < 0.3 ? Buffer.from(text, 'utf8') : iconv.encode(text, 'gbk');
}
