import { alert } from './alert';
import { connection } from './connection';
import { file } from './file';
import { host } from './host';
import type { Resource } from './operation';
import { user } from './user';
import { vulnerability } from './vulnerability';

/** To add a resource: a folder with its operations, and its line here. */
export const RESOURCES: Readonly<Record<string, Resource>> = {
	alert,
	connection,
	file,
	host,
	user,
	vulnerability,
};
