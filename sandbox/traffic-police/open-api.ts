// What the service says of itself: GET /openapi.json, OpenAPI 3.0. Every answer is HTTP 200 with a code in its body; the
// document says so, and does not say that tokens end early.

const text = { type: 'string' };
const millis = { type: 'integer', format: 'int64', description: '毫秒时间戳，0 表示无' };
const path = { type: 'string', description: 'GCJ-02 "lon,lat;lon,lat"' };

const SCHEMAS = {
  RoadEvent: {
    ...{
      eventId: text,
      eventType: text,
      status: text,
      happenTime: millis,
      endTime: millis,
      updateTime: millis,
    },
    ...{ sectionId: text, roadName: text, address: text, xzqh: text, content: text },
    lnglat: { type: 'string', description: 'GCJ-02 "lon,lat"' },
  },
  RoadClosure: {
    ...{ closureId: text, eventId: text, roadName: text, reason: text, xzqh: text },
    ...{ beginTime: millis, endTime: millis, path },
  },
  RoadSection: { sectionId: text, sectionName: text, xzqh: text, path },
  Congestion: { sectionId: text, statTime: millis, tpi: { type: 'number' }, avgSpeed: { type: 'number' } },
} as const;

const PAGE = ['pageNo', 'pageSize'];
const ROADS = [
  { at: '/api/v1/roadEvents', schema: 'RoadEvent', parameters: ['updatedSince', ...PAGE] },
  { at: '/api/v1/closures', schema: 'RoadClosure', parameters: PAGE },
  { at: '/api/v1/sections', schema: 'RoadSection', parameters: ['xzqh'] },
  { at: '/api/v1/congestion', schema: 'Congestion', parameters: ['xzqh'] },
] as const;

export const OPEN_API = {
  openapi: '3.0.3',
  info: { title: '永州交警数据服务', version: '1.4.0' },
  paths: {
    '/api/v1/token': { post: { summary: '获取令牌', responses: { '200': { description: 'code 0 成功' } } } },
    ...Object.fromEntries(ROADS.map((road) => [road.at, { get: toOperation(road) }])),
  },
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    schemas: Object.fromEntries(
      Object.entries(SCHEMAS).map(([name, properties]) => [name, { type: 'object', properties }]),
    ),
  },
};

function toOperation({ schema, parameters }: (typeof ROADS)[number]) {
  return {
    security: [{ token: [] }],
    parameters: parameters.map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
    responses: { '200': { description: `code 0 成功；data 为 ${schema}` } },
  };
}
