import type { Resource } from '../operation';
import { disableNetwork } from './disable-network';
import { get } from './get';
import { getAll } from './get-all';
import { isolate } from './isolate';
import { shutdown } from './shutdown';
import { unisolate } from './unisolate';

/** To add an operation: its file, and its line here. */
export const host: Resource = {
	name: 'Host',
	operations: { disableNetwork, get, getAll, isolate, shutdown, unisolate },
	default: 'get',
};
