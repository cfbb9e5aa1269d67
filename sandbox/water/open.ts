// The water bureau as what a process, or a test, runs.
import { toDatabaseOpening } from '../database/open-department.ts';
import { toWater } from './simulation.ts';

export const open = toDatabaseOpening(toWater, '13900000003');
