import type { Resource } from '../operation';
import { diagnose } from './diagnose';

/** To add an operation: its file, and its line here. */
export const connection: Resource = {
	name: 'Connection',
	operations: { diagnose },
	default: 'diagnose',
};
