// The housing bureau as a process: node --import tsx sandbox/housing/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('housing', open);
