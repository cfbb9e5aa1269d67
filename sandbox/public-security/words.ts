// Of what the invented calls are put together.

export const SURNAMES = [...'唐蒋李周何欧阳陈刘王黄盘邓奉赵郑义魏毛杨谢'];
export const GIVEN_NAMES = '志强 建国 秋生 冬姣 镕 喆 堃 春花 石保 满秀 国平 永福 水生 桂英 新明 小军'.split(
  ' ',
);

/** 警情类别 (proposed codes); 770000 is in no list. */
export const KINDS =
  '010000 020000 020000 030000 030000 030000 050000 080000 090000 090000 090000 770000'.split(' ');

export const CONTENTS = [
  '两车追尾，有人受伤，占用一条车道。',
  '山坡冒烟，疑似起火。',
  '河水上涨，老人被困家中。',
  '与邻居因宅基地发生争执。',
  '店铺门锁被撬，现金被盗。',
  '井盖丢失，车轮陷入。',
  '小孩走失，穿红色上衣。',
  '求助：忘带钥匙，锅在灶上。',
];

export const RESULTS = [
  '已现场调解，双方和解。',
  '已移交交警处理。',
  '人员已安全转移。',
  '到场未见当事人。',
  '已立案侦查。',
];
