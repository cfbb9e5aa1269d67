// The urban management bureau as what a process, or a test, runs.
import { toDatabaseOpening } from '../database/open-department.ts';
import { toUrbanManagement } from './simulation.ts';

export const open = toDatabaseOpening(toUrbanManagement, '13900000005');
