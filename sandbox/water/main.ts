// The water bureau as a process: node --import tsx sandbox/water/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('water', open);
