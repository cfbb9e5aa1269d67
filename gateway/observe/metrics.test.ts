import { describe, expect, test } from '@jest/globals';
import type { SourceReport } from '../subschema/contract.ts';
import { openMetrics } from './metrics.ts';

const line = (unit: string, status: SourceReport['status'], milliseconds: number): SourceReport => ({
  unit,
  status,
  via: 'STORE',
  freshness: 'LIVE',
  ageSeconds: 1,
  milliseconds,
  requests: 2,
  rows: 1,
});

describe('the metrics of a gateway', () => {
  test('count operations, their errors by code, and the requests to each unit', async () => {
    const metrics = openMetrics();
    metrics.recordOperation({
      kind: 'query',
      seconds: 0.02,
      codes: ['HUB_UNIT_TIMEOUT', 'HUB_UNIT_TIMEOUT', 'made up by an edge'],
      sources: [line('water', 'DOWN', 500), line('fire', 'OK', 20)],
      way: { door: 'STITCHED', reason: 'NOT_LOADED' },
    });
    metrics.recordOperation({ kind: 'query', seconds: 0.2, codes: [], sources: [], way: { door: 'WHOLE' } });
    const text = await metrics.print();
    for (const expected of [
      'hub_operations_total{operation="query",outcome="errors"} 1',
      'hub_operations_total{operation="query",outcome="ok"} 1',
      'hub_operation_duration_seconds_bucket{le="0.025",operation="query"} 1',
      'hub_operation_duration_seconds_count{operation="query"} 2',
      'hub_operation_doors_total{door="STITCHED",reason="NOT_LOADED"} 1',
      'hub_operation_doors_total{door="WHOLE",reason="NONE"} 1',
      'hub_errors_total{code="HUB_UNIT_TIMEOUT"} 2',
      'hub_errors_total{code="OTHER"} 1',
      'hub_unit_requests_total{unit="water",status="DOWN"} 2',
      'hub_unit_request_seconds_total{unit="water",status="DOWN"} 0.5',
      'hub_unit_request_seconds_total{unit="fire",status="OK"} 0.02',
    ])
      expect(text).toContain(expected);
    metrics.close();
  });

  test('count the changes that were told and those that had to be caught up', async () => {
    const metrics = openMetrics();
    const change = { unit: 'water', type: 'Gauge', version: 1, divisions: null };
    metrics.recordChange(change, 'told');
    metrics.recordChange({ ...change, version: 2 }, 'told');
    metrics.recordChange({ ...change, version: 9 }, 'caught-up');
    const text = await metrics.print();
    expect(text).toContain('hub_changes_total{unit="water",heard="told"} 2');
    expect(text).toContain('hub_changes_total{unit="water",heard="caught-up"} 1');
    metrics.close();
  });

  test('of two gateways in one process do not mix', async () => {
    const [one, other] = [openMetrics(), openMetrics()];
    one.recordRefusal('HUB_AUTH_REQUIRED');
    one.recordSwap('swapped');
    expect(await one.print()).toContain('hub_errors_total{code="HUB_AUTH_REQUIRED"} 1');
    expect(await other.print()).not.toContain('HUB_AUTH_REQUIRED');
    one.close();
    other.close();
  });
});
