// The fire brigade as a process: node --import tsx sandbox/fire-rescue/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('fire-rescue', open);
