// The natural resources bureau as a process: node --import tsx sandbox/natural-resources/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('natural-resources', open);
