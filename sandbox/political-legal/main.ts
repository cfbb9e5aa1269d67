// The political-legal commission as a process: node --import tsx sandbox/political-legal/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('political-legal', open);
