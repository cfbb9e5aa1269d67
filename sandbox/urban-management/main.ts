// The urban management bureau as a process: node --import tsx sandbox/urban-management/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('urban-management', open);
