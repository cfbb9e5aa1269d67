// What the processes of `hub start` tell each other over Node's IPC channel. The sandbox's `ready` has the same form,
// though it shares no code: it is a process of another city.

export type Progress = {
  readonly type: 'progress';
  readonly feed: string;
  /** 0…1, or null when the source gives no estimate. */
  readonly position: number | null;
  readonly read: number;
  readonly done: boolean;
};

/** From a child to `hub start`. */
export type ChildMessage =
  | {
      readonly type: 'ready';
      readonly name: string;
      /** Addresses and facts to print. */
      readonly note?: string;
      readonly url?: string;
      /** The sandbox's: what the worker needs to reach it. */
      readonly secrets?: Readonly<Record<string, string>>;
      readonly feeds?: readonly string[];
    }
  | Progress
  | { readonly type: 'loaded'; readonly rows: number; readonly failed: readonly string[] }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

/** From `hub start` to a child. */
export type ParentMessage = { readonly type: 'stop' };

/** Tells the parent, if there is one. */
export function tellParent(message: ChildMessage): void {
  process.send?.(message);
}
