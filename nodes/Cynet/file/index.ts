import type { Resource } from '../operation';
import { deleteFile } from './delete';
import { get } from './get';
import { getRemediation } from './get-remediation';
import { kill } from './kill';
import { quarantine } from './quarantine';
import { unquarantine } from './unquarantine';
import { verify } from './verify';

/** To add an operation: its file, and its line here. */
export const file: Resource = {
	name: 'File',
	operations: { delete: deleteFile, get, getRemediation, kill, quarantine, unquarantine, verify },
	default: 'get',
};
