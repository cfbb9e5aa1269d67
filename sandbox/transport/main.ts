// The transport bureau as a process: node --import tsx sandbox/transport/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('transport', open);
