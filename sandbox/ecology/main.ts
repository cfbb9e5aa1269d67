// The ecology bureau as a process: node --import tsx sandbox/ecology/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('ecology', open);
