// The hub's own code lists (manifest §4): what many units say in the same words. A manifest reads a field with one
// (`list: hub.CapStatus`) or maps its raw codes onto one (`to: hub.DataQuality`). Data only; the mapping reads it.
import { CAP_MSG_TYPE, CAP_SEVERITY, CAP_STATUS } from './cap.ts';
import { EVENT_TYPE } from './event-type.ts';
import type { HubList } from './hub-list.ts';

/** Quality of a measured value; raw codes differ by system, so a unit maps its own onto these. */
const DATA_QUALITY: HubList = {
  enumName: 'DataQuality',
  ignoreCase: true,
  other: null,
  values: [
    { name: 'GOOD', from: ['GOOD'], zh: '正确', en: 'Good' },
    { name: 'SUSPECT', from: ['SUSPECT'], zh: '可疑', en: 'Suspect' },
    { name: 'BAD', from: ['BAD'], zh: '错误', en: 'Bad' },
    { name: 'ESTIMATED', from: ['ESTIMATED'], zh: '估计', en: 'Estimated' },
    { name: 'CORRECTED', from: ['CORRECTED'], zh: '订正', en: 'Corrected' },
    { name: 'MISSING', from: ['MISSING'], zh: '缺测', en: 'Missing' },
    { name: 'UNCHECKED', from: ['UNCHECKED'], zh: '未质控', en: 'Unchecked' },
  ],
};

/** Plate colours; numbers as in JT/T 808 and the province's vehicle record (1 blue … 9 other; 5 green since new energy). */
const PLATE_COLOUR: HubList = {
  enumName: 'PlateColour',
  ignoreCase: true,
  other: null,
  values: [
    { name: 'BLUE', from: ['1', '01', '蓝', '蓝色', 'blue'], zh: '蓝色', en: 'Blue' },
    { name: 'YELLOW', from: ['2', '02', '黄', '黄色', 'yellow'], zh: '黄色', en: 'Yellow' },
    { name: 'BLACK', from: ['3', '03', '黑', '黑色', 'black'], zh: '黑色', en: 'Black' },
    { name: 'WHITE', from: ['4', '04', '白', '白色', 'white'], zh: '白色', en: 'White' },
    { name: 'GREEN', from: ['5', '05', '绿', '绿色', '渐变绿', 'green'], zh: '绿色', en: 'Green' },
    { name: 'OTHER', from: ['9', '09', '其他', '其它', 'other'], zh: '其他', en: 'Other' },
  ],
};

/** Name in a manifest → list. */
export const HUB_CODE_LISTS: ReadonlyMap<string, HubList> = new Map([
  ['hub.DataQuality', DATA_QUALITY],
  ['hub.CapStatus', CAP_STATUS],
  ['hub.CapMsgType', CAP_MSG_TYPE],
  ['hub.CapSeverity', CAP_SEVERITY],
  ['hub.EventType', EVENT_TYPE],
  ['hub.PlateColour', PLATE_COLOUR],
]);
