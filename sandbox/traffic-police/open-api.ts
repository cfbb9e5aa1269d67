// What the service says of itself: GET /openapi.json, OpenAPI 3.0. Every answer is HTTP 200 with a code in its body; the
// document says so, and does not say that tokens end early.

const text = { type: 'string' };
const number = { type: 'number' };
const millis = { type: 'integer', format: 'int64', description: '毫秒时间戳，0 表示无' };
const path = { type: 'string', description: 'GCJ-02 "lon,lat;lon,lat"' };

const SCHEMAS = {
  RoadEvent: {
    ...{ eventId: text, eventType: text, status: text, happenTime: millis, endTime: millis },
    ...{ updateTime: millis, sectionId: text, roadName: text, address: text, xzqh: text, content: text },
    lnglat: { type: 'string', description: 'GCJ-02 "lon,lat"' },
  },
  RoadClosure: {
    ...{ closureId: text, eventId: text, roadName: text, reason: text, xzqh: text },
    ...{ beginTime: millis, endTime: millis, path },
  },
  RoadSection: { sectionId: text, sectionName: text, xzqh: text, path },
  Congestion: {
    ...{ sectionId: text, statTime: millis },
    ...{ tpi: { ...number, nullable: true }, avgSpeed: { ...number, nullable: true } },
  },
} as const;
type SchemaName = keyof typeof SCHEMAS;

const toObject = (properties: object) => ({ type: 'object', properties });
const toList = (name: SchemaName) => ({ type: 'array', items: { $ref: `#/components/schemas/${name}` } });
const toPage = (name: SchemaName) =>
  toObject({
    ...{ total: { type: 'integer' }, pageNo: { type: 'integer' }, pageSize: { type: 'integer' } },
    list: { ...toList(name), nullable: true },
  });

const PAGE = { pageNo: 'integer', pageSize: 'integer' };
const PATHS = {
  '/api/v1/token': {
    post: {
      summary: '获取令牌',
      requestBody: { required: true, ...toContent(toObject({ clientId: text, clientSecret: text })) },
      responses: toResponses(toObject({ accessToken: text, expiresIn: { type: 'integer' } })),
    },
  },
  '/api/v1/roadEvents': toRoad('道路事件', { updatedSince: 'integer', ...PAGE }, toPage('RoadEvent')),
  '/api/v1/closures': toRoad('道路封闭', PAGE, toPage('RoadClosure')),
  '/api/v1/sections': toRoad('路段', { xzqh: 'string' }, toList('RoadSection')),
  '/api/v1/congestion': toRoad('路况', { xzqh: 'string' }, toList('Congestion')),
};

export const OPEN_API = {
  openapi: '3.0.3',
  info: { title: '永州交警数据服务', version: '1.4.0' },
  paths: PATHS,
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    schemas: Object.fromEntries(
      Object.entries(SCHEMAS).map(([name, properties]) => [name, toObject(properties)]),
    ),
  },
};

function toRoad(summary: string, parameters: Readonly<Record<string, string>>, data: object) {
  const query = Object.entries(parameters).map(([name, type]) => ({ name, in: 'query', schema: { type } }));
  return { get: { summary, security: [{ token: [] }], parameters: query, responses: toResponses(data) } };
}

function toResponses(data: object) {
  const body = { code: { type: 'string', description: '"0" 成功' }, msg: text, data };
  return { '200': { description: '结果以 code 为准', ...toContent(toObject(body)) } };
}

function toContent(schema: object) {
  return { content: { 'application/json': { schema } } };
}
