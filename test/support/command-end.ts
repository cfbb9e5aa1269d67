// What a command that was started as a process has said when it is over.
import type { ChildProcess } from 'node:child_process';
import { text } from 'node:stream/consumers';

export type CommandEnd = { readonly out: string; readonly err: string; readonly code: number | null };

/** Both streams must be pipes. */
export async function untilEnd(child: ChildProcess): Promise<CommandEnd> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the streams of the command are no pipes');
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, code] = await Promise.all([text(stdout), text(stderr), ended]);
  return { out, err, code };
}
