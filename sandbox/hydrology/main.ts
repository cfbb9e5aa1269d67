// The hydrology centre as a process: node --import tsx sandbox/hydrology/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('hydrology', open);
