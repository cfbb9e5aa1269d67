// The maritime bureau as a process: node --import tsx sandbox/maritime/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('maritime', open);
