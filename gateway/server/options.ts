// What the composition root gives to open a gateway, and what it gets.

import type { Changes } from '../../store/changes/contract.ts';
import type { HealthReport } from '../observe/health.ts';
import type { GatewayLog } from '../observe/log.ts';
import type { AccessKey } from '../policy/use-viewer.ts';
import type { Subschema } from '../subschema/contract.ts';
import type { StoreOptions } from '../subschema/store-options.ts';

export type GatewayOptions = {
  /** Without keys only a loopback address is taken. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Nobody asked for this port by name: when it is taken, the next free one is used. */
  readonly portIsDefault?: boolean;
  readonly subschemas: readonly Subschema[];
  /** The store behind these subschemas: with it, what lies in it is answered by one statement. */
  readonly whole?: StoreOptions;
  /** STITCHED: every operation is stitched, whatever `whole` says. BOTH unless given. */
  readonly doors?: 'BOTH' | 'STITCHED';
  readonly keys: readonly AccessKey[];
  /** Wall clock, milliseconds since 1970, UTC. */
  readonly clock: () => number;
  readonly log: GatewayLog;
  /** What is committed while the gateway runs; for caches and subscriptions, counted already. Closed by who opened it, after the gateway. */
  readonly changes?: Changes;
  readonly health: () => Promise<HealthReport>;
  /** How long one request to one unit may take; 10 s unless given. */
  readonly deadlineMs?: number;
  /** How long `close` waits for requests in flight; 10 s unless given. */
  readonly drainMs?: number;
};

export type Gateway = {
  /** `http://127.0.0.1:4000`, with the port that was taken in the end. */
  readonly url: string;
  /**
   * Puts a new schema into service, whole. Requests in flight finish on the old one. Rejects with HUB_SCHEMA_CONFLICT
   * when the subschemas do not fit together; the old schema then stays. Composing is cut into steps, between which requests
   * are answered; the longest blocks for about a third of the whole. Both doors are swapped; without `whole` everything is
   * stitched from then on.
   */
  swap(subschemas: readonly Subschema[], whole?: StoreOptions): Promise<void>;
  /** Takes no new connection, lets requests in flight finish (10 s at most), then closes. Calling it twice is harmless. */
  close(): Promise<void>;
};
