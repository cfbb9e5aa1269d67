// A department of one table, for commands that are run as processes: its manifest, and the secret TIDE_URL to its database.
export const TIDE_MANIFEST = `manifest: 1
unit: tide
name: { zh: 潮位, en: Tide }
owner: { contact: 值班, phone: { secret: TIDE_PHONE } }
zone: Asia/Shanghai
sources:
  legacy: { kind: sql, url: { secret: TIDE_URL } }
types:
  TideGauge:
    zh: 潮位站
    en: Tide gauge
    role: thing
    from: [{ source: legacy, object: gauge }]
    key: [code]
    sync: { strategy: snapshot, every: PT1H }
    deletes: { by: absence }
    freshness: { promise: P1D }
    division: [{ code: addvcd }]
    fields:
      code: { zh: 编码, en: Code, text: id }
policy: { default: public }
`;
