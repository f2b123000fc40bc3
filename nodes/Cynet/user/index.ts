import type { Resource } from '../operation';
import { get } from './get';
import { getAll } from './get-all';

/** To add an operation: its file, and its line here. */
export const user: Resource = { name: 'User', operations: { get, getAll }, default: 'get' };
