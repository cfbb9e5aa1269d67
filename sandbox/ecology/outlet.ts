// The monitoring points of the ecology bureau: what stands in its list, and how each data logger speaks. Companies, numbers and
// positions are invented; the parks are those of the counties.
import { parseGrounds, toMoved } from '../map/place.ts';

/** HJ 212's ST: 21 surface water, 22 air, 23 noise, 31 air source, 32 water source. */
export type OutletKind = '21' | '22' | '23' | '31' | '32';

/**
 * How a logger differs from the book: `old` speaks HJ/T 212-2005 with its codes of three characters; `lower` writes its check
 * value and its number in small letters; `noFlag` says nothing about answers; `unasked` asks for none; `minute` tells times to
 * the minute, `millis` to the millisecond; `noBreak` ends no line; `wrongKind` says that it is an air source; `unlisted` measures
 * something that the hub's list does not have; `parts` sends its hourly values in two parts.
 */
export type Manner =
  | 'book'
  | 'old'
  | 'lower'
  | 'noFlag'
  | 'unasked'
  | 'minute'
  | 'millis'
  | 'noBreak'
  | 'wrongKind'
  | 'unlisted'
  | 'parts';

export type Outlet = {
  /** MN, in capitals. */
  readonly mn: string;
  /** For the seeded chance. */
  readonly number: number;
  readonly name: string;
  readonly company: string;
  /** Null: being applied for. */
  readonly creditCode: string | null;
  readonly kind: OutletKind;
  readonly manner: Manner;
  /** Today's code, true. */
  readonly county: string;
  /** WGS84. */
  readonly lon: number;
  readonly lat: number;
};

/** county kind manner park company point */
const OUTLETS = `
431103 32 book 永州经开区 湘永印染 总排口
431103 31 unlisted 永州经开区 凤凰热电 1号锅炉
431103 22 parts 永州经开区 园区空气站 凤凰园站
431102 32 old 零陵高新区 零陵纸品 废水排口
431102 23 book 零陵高新区 园区噪声点 东门
431181 32 millis 祁阳高新区 浯溪纺织 总排口
431181 31 book 祁阳高新区 白水建材 窑尾
431122 32 lower 东安经开区 舜峰食品 总排口
431122 21 noFlag 东安经开区 园区水站 入江断面
431123 32 unasked 双牌工业区 阳明竹业 废水排口
431124 32 book 道县高新区 濂溪电子 总排口
431124 31 minute 道县高新区 道州陶瓷 1号窑
431124 22 noBreak 道县高新区 园区空气站 上关站
431125 32 old 江永工业区 千家峒果汁 总排口
431126 32 wrongKind 宁远高新区 九疑皮件 废水排口
431126 23 lower 宁远高新区 园区噪声点 西门
431127 32 parts 蓝山经开区 毛俊针织 总排口
431128 31 book 新田工业区 湘㙦建材 破碎车间
431129 32 minute 江华高新区 沱江电机 总排口
431129 21 millis 江华高新区 园区水站 沱江断面
`;

export function toOutlets(): readonly Outlet[] {
  const { grounds } = parseGrounds();
  return OUTLETS.trim()
    .split('\n')
    .map((line, index) => {
      const [county = '', kind = '', manner = '', park = '', company = '', point = ''] = line.split(' ');
      const ground = grounds.find((candidate) => candidate.county === county);
      if (ground === undefined) throw new Error(`an outlet must stand in a county of the city: ${line}`);
      // Within half a kilometre of a place that lies well inside its county.
      const { lon, lat } = toMoved(ground, (index % 5) * 0.2 - 0.4, (index % 3) * 0.2 - 0.2);
      return {
        mn: toNumber(county, index, manner),
        number: index + 1,
        name: `${company}${point}`,
        company: company.startsWith('园区') ? `${park}管委会` : `${company}有限公司`,
        creditCode: index % 9 === 8 ? null : toCreditCode(county, index),
        kind: kind as OutletKind,
        manner: manner as Manner,
        county,
        lon: Number(lon.toFixed(6)),
        lat: Number(lat.toFixed(6)),
      };
    });
}

/** 24 characters since 2017, 14 before. */
function toNumber(county: string, index: number, manner: string): string {
  const place = String(index + 1);
  if (manner === 'old') return `8${county}0000${place.padStart(3, '0')}`;
  return `${county}A8900016F0001${place.padStart(5, '0')}`;
}

/** In the form of 18 characters; the check digit is not worked out. */
function toCreditCode(county: string, index: number): string {
  return `91${county}MA4L${String(index + 1).padStart(5, '0')}X`;
}
