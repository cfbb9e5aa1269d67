// Event types of China's warning profile (GB/T 34283, GB/T 35965.1), as far as three independent code files agree. Part of
// hub-lists.ts. The standard's list is longer and grows: a code that is not here lands as OTHER and is counted.
import type { HubList } from './hub-list.ts';

export const EVENT_TYPE: HubList = {
  enumName: 'EventType',
  ignoreCase: true,
  other: 'OTHER',
  values: [
    { name: 'FLOOD', from: ['11A01'], zh: '洪水', en: 'Flood' },
    { name: 'TYPHOON', from: ['11B01'], zh: '台风', en: 'Typhoon' },
    { name: 'RAINSTORM', from: ['11B03'], zh: '暴雨', en: 'Rainstorm' },
    { name: 'SNOWSTORM', from: ['11B04'], zh: '暴雪', en: 'Snowstorm' },
    { name: 'COLD_WAVE', from: ['11B05'], zh: '寒潮', en: 'Cold wave' },
    { name: 'GALE', from: ['11B06'], zh: '大风', en: 'Gale' },
    { name: 'SANDSTORM', from: ['11B07'], zh: '沙尘暴', en: 'Sandstorm' },
    { name: 'HEAT', from: ['11B09'], zh: '高温', en: 'Heat' },
    { name: 'LIGHTNING', from: ['11B14'], zh: '雷电', en: 'Lightning' },
    { name: 'HAIL', from: ['11B15'], zh: '冰雹', en: 'Hail' },
    { name: 'FROST', from: ['11B16'], zh: '霜冻', en: 'Frost' },
    { name: 'FOG', from: ['11B17'], zh: '大雾', en: 'Fog' },
    { name: 'HAZE', from: ['11B19'], zh: '霾', en: 'Haze' },
    { name: 'THUNDERSTORM_GALE', from: ['11B20'], zh: '雷雨大风', en: 'Thunderstorm gale' },
    { name: 'ICY_ROADS', from: ['11B21'], zh: '道路结冰', en: 'Icy roads' },
    { name: 'DROUGHT', from: ['11B22'], zh: '干旱', en: 'Drought' },
    { name: 'OTHER', from: [], zh: '其他', en: 'Other' },
  ],
};
