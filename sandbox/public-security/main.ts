// The call-taking centre as a process: node --import tsx sandbox/public-security/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('public-security', open);
