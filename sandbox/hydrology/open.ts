// The hydrology centre as what a process, or a test, runs.
import { toDatabaseOpening } from '../database/open-department.ts';
import { toHydrology } from './simulation.ts';

export const open = toDatabaseOpening(toHydrology, '13900000000');
