// The weather bureau as a process: node --import tsx sandbox/weather/main.ts.
import { runProcess } from '../process/run-process.ts';
import { open } from './open.ts';

await runProcess('weather', open);
