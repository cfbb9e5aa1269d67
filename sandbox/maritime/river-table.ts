// The two rivers that carry ships, and the crossings on them, as tables to be read. river.ts and crossing.ts read them.

/**
 * Both rivers from up to down, WGS84 near the places that give the names; straight between two points, which the real rivers are
 * not. 湘江 ends at 归阳, beyond the city; 潇水 flows into it at 老埠头.
 */
export const RIVER_TABLE = `
river lon      lat     place
湘江  111.2853 26.2750 渌埠头
湘江  111.3600 26.2700 -
湘江  111.4530 26.2870 石期市
湘江  111.5200 26.2750 -
湘江  111.5952 26.2895 老埠头
湘江  111.5800 26.3100 太洲
湘江  111.5480 26.3470 高溪市
湘江  111.5530 26.3530 樟木凼
湘江  111.5850 26.4000 -
湘江  111.6040 26.4380 冷水滩
湘江  111.6400 26.4800 -
湘江  111.6600 26.5300 大湾
湘江  111.6900 26.5600 河东新村
湘江  111.7700 26.5850 广福
湘江  111.8450 26.5780 祁阳
湘江  111.8900 26.5500 双华
湘江  111.9400 26.4900 -
湘江  111.9980 26.4010 白水
湘江  112.0900 26.4300 -
湘江  112.1950 26.4750 归阳
潇水  111.5930 25.5200 道县
潇水  111.6300 25.6000 -
潇水  111.6720 25.7480 江村
潇水  111.6650 25.8000 文塔
潇水  111.6700 25.8900 -
潇水  111.6560 25.9570 双牌
潇水  111.6200 26.0600 茶林
潇水  111.6200 26.1050 富家桥
潇水  111.6140 26.2240 零陵
潇水  111.5952 26.2895 蘋岛
`;

/**
 * county: today's code. place: of the river table. village: of map/place-table.ts, by its official name, - where the list leaves it out. gauge: a station of the hydrology centre
 * (SL 323's STCD), - where the sheet names none. close: metres at that gauge. boats: how many ferries. Crossings are invented.
 */
export const CROSSING_TABLE = `
river county place    name         town     village        gauge    close boats
湘江  431122 石期市   石期市渡口   石期市镇 石市村         61511020 103.8 1
湘江  431103 老埠头   老埠头渡口   蔡市镇   老埠头村委会   61511020 103.2 2
湘江  431103 太洲     太洲渡口     蔡市镇   太洲村委会     61511020 103.5 1
湘江  431103 高溪市   高溪市渡口   高溪市镇 普口村委会     61511030 101.6 2
湘江  431103 樟木凼   㘵头渡       高溪市镇 樟木凼村委会   61511030 101.4 1
湘江  431103 大湾     大湾渡口     黄阳司镇 大湾村委会     61511040 99.5  1
湘江  431103 河东新村 河东渡口     黄阳司镇 河东新村村委会 61511040 99.3  2
湘江  431181 广福     广福渡口     大忠桥镇 广福村         61511090 90.1  1
湘江  431181 双华     双华渡口     观音滩镇 双华村         61511090 89.8  1
湘江  431181 白水     普济渡       白水镇   普济桥村       61511110 104.0 2
潇水  431124 道县     黄土坝渡口   -        -              61521090 179.5 1
潇水  431123 江村     访尧渡口     江村镇   访尧村村委会   61521170 176.3 2
潇水  431123 文塔     文塔渡口     江村镇   文塔村         61521170 176.0 1
潇水  431123 双牌     沙背甸渡口   泷泊镇   沙背甸村       61521180 168.5 1
潇水  431123 茶林     新和渡       茶林镇   新和村         -        128.0 2
潇水  431102 富家桥   青山桥渡口   富家桥镇 青山桥村委会   61521210 105.1 1
`;
