// The education bureau as a process: node --import tsx sandbox/education/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('education', open);
