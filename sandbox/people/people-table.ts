// Of what names are put together. Every person in the sandbox is invented; so is every phone number, counted up from
// 1390000 1000 (forestry), 1390001 1000 (natural resources), 1390002 1000 (housing), 1390003 1000 (maritime).

/** 镕 喆 堃 are in GBK and not in GB2312. */
export const SURNAMES = [...'唐蒋李周何欧阳陈刘王黄盘邓奉赵郑义魏毛杨谢'];
export const GIVEN_NAMES =
  '志强 建国 秋生 冬姣 镕 喆 堃 春花 石保 满秀 国平 永福 水生 桂英 新明 小军 玉莲 社林 凤姣 明亮'.split(' ');
