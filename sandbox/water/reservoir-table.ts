// The stations of the sandbox's water bureau, as a table to be read: its reservoirs, what they hold, and two rows of the same
// list that are none. reservoir.ts reads it.

/**
 * 双牌, 涔天河, 源口 and 毛俊 are real, stand in the hydrology centre's list too, under the same code and at the same place; their
 * levels and capacities are rough and unchecked. Every other reservoir is invented (a town's name), and so is its code. The
 * bureau's own codes have seven characters, so that CHAR(8) pads them.
 *
 * kind: STTP (RR reservoir, PP rain gauge). county: ADDVCD as the table has it (431121 is 祁阳 before 2021). Coordinates are
 * WGS84. area: catchment, km². dead, limit, normal, design, check, crest: metres; limit is the flood limit of the main season.
 * capacity: millions of m³. level, rain: minutes between two readings. points: measuring points, 1 when it has no name of its own.
 * use: 1 in use, 0 out of use.
 */
export const RESERVOIR_TABLE = `
code     name   river  county kind lon      lat     area dead  limit normal design check crest capacity level rain points use
61521180 双牌   潇水   431123 RR   111.6560 25.9570 990  142.0 165.0 170.0  171.4  173.2 175.0 690.0    15    60   2      1
61521020 涔天河 沱江   431129 RR   111.7050 25.1300 780  254.0 310.5 313.0  317.8  320.3 324.0 1510.0   15    60   2      1
61521070 源口   永明河 431125 RR   111.1150 25.0650 110  315.0 341.5 345.0  346.6  347.9 349.5 61.2     15    60   1      1
61522020 毛俊   舂陵水 431127 RR   112.1450 25.3000 190  256.0 299.0 302.0  303.7  305.1 307.0 128.0    15    120  1      1
6158101  邮亭圩 -      431102 RR   111.7700 26.2800 48   112.0 124.0 126.0  127.1  128.0 129.2 23.4     60    60   1      1
6158102  富家桥 潇水   431102 RR   111.6200 26.1050 36   131.0 146.0 148.5  149.6  150.4 151.8 18.9     60    60   1      1
6158103  普利桥 -      431103 RR   111.6900 26.6500 29   121.0 134.5 136.0  137.0  137.8 139.0 12.6     60    60   1      1
6158104  石期市 石期河 431122 RR   111.4530 26.2870 41   128.0 141.0 143.0  144.2  145.1 146.5 20.8     60    120  1      1
6158105  芦洪市 芦洪江 431122 RR   111.4350 26.5560 33   139.0 152.0 154.0  155.0  155.9 157.2 14.1     60    60   1      1
6158106  白水   白水   431121 RR   111.9980 26.4010 52   108.0 121.5 123.0  124.3  125.2 126.6 31.5     60    60   1      1
6158107  文明铺 祁水   431181 RR   111.7550 26.7050 27   126.0 138.0 139.5  140.4  141.1 142.3 10.9     60    60   1      1
6158108  寿雁   永明河 431124 RR   111.5050 25.4750 38   187.0 201.0 203.0  204.1  205.0 206.3 17.7     60    60   1      1
6158109  仙子脚 -      431124 RR   111.4030 25.6580 44   231.0 252.0 254.0  255.3  256.4 258.0 26.3     60    60   1      1
6158110  水市   宁远河 431126 RR   112.0300 25.5300 57   224.0 243.0 245.5  246.8  247.9 249.4 33.8     60    60   1      1
6158111  骥村   -      431128 RR   112.2350 26.0050 31   214.0 229.0 231.0  232.1  233.0 234.2 13.3     60    60   1      1
6158112  桃川   永明河 431125 RR   111.1700 25.1150 35   251.0 268.0 270.0  271.2  272.1 273.5 16.2     60    60   1      1
6158190  旧坝   -      431124 RR   111.6050 25.5600 12   181.0 190.0 192.0  193.0  194.0 195.0 3.1      60    60   1      0
6158191  上江圩 永明河 431125 PP   111.4400 25.3550 0    0     0     0      0      0     0     0        60    60   1      1
`;
