// The forestry bureau as a process: node --import tsx sandbox/forestry/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('forestry', open);
