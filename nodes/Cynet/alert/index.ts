import type { Resource } from '../operation';
import { convert } from './convert';
import { count } from './count';
import { getAll } from './get-all';

/** To add an operation: its file, and its line here. */
export const alert: Resource = {
	name: 'Alert',
	operations: { convert, count, getAll },
	default: 'getAll',
};
