// The call-taking centre as what a process, or a test, runs.
import { toDatabaseOpening } from '../database/open-department.ts';
import { toPublicSecurity } from './simulation.ts';

export const open = toDatabaseOpening(toPublicSecurity, '13900000004');
