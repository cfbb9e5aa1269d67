// Code lists of the Common Alerting Protocol 1.2 (OASIS, ITU-T X.1303) as the warning systems write them. Part of hub-lists.ts.
import type { HubList } from './hub-list.ts';

export const CAP_STATUS: HubList = {
  enumName: 'CapStatus',
  ignoreCase: true,
  other: null,
  values: [
    { name: 'ACTUAL', from: ['Actual'], zh: '实际', en: 'Actual' },
    { name: 'EXERCISE', from: ['Exercise'], zh: '演练', en: 'Exercise' },
    { name: 'SYSTEM', from: ['System'], zh: '系统', en: 'System' },
    { name: 'TEST', from: ['Test'], zh: '测试', en: 'Test' },
    { name: 'DRAFT', from: ['Draft'], zh: '草稿', en: 'Draft' },
  ],
};

/** "Cancle" is what a widely used client sends for Cancel: taken, never emitted. */
export const CAP_MSG_TYPE: HubList = {
  enumName: 'CapMsgType',
  ignoreCase: true,
  other: null,
  values: [
    { name: 'ALERT', from: ['Alert'], zh: '首次', en: 'Alert' },
    { name: 'UPDATE', from: ['Update'], zh: '更新', en: 'Update' },
    { name: 'CANCEL', from: ['Cancel', 'Cancle'], zh: '解除', en: 'Cancel' },
    { name: 'ACK', from: ['Ack'], zh: '确认', en: 'Acknowledgement' },
    { name: 'ERROR', from: ['Error'], zh: '错误', en: 'Error' },
  ],
};

/** Chinese warnings state a colour where CAP has a word: 红 Extreme, 橙 Severe, 黄 Moderate, 蓝 Minor (proposed by the project). */
export const CAP_SEVERITY: HubList = {
  enumName: 'CapSeverity',
  ignoreCase: true,
  other: null,
  values: [
    { name: 'EXTREME', from: ['Extreme', 'Red', '红', '红色'], zh: '特别严重', en: 'Extreme' },
    { name: 'SEVERE', from: ['Severe', 'Orange', '橙', '橙色'], zh: '严重', en: 'Severe' },
    { name: 'MODERATE', from: ['Moderate', 'Yellow', '黄', '黄色'], zh: '较重', en: 'Moderate' },
    { name: 'MINOR', from: ['Minor', 'Blue', '蓝', '蓝色'], zh: '一般', en: 'Minor' },
    { name: 'UNKNOWN', from: ['Unknown'], zh: '未知', en: 'Unknown' },
  ],
};
