// The traffic police as a process: node --import tsx sandbox/traffic-police/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('traffic-police', open);
