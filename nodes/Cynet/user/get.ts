import { flawOfName } from '../../shared/alert/host-name';
import { fetchNamed } from '../../shared/api/inventory';
import { locator } from '../fields/locator';
import { excludeFiles, withoutFiles } from '../fields/omit-files';
import { optionsOf } from '../fields/options';
import { output, outputOf } from '../fields/output';
import type { Operation } from '../operation';

/** What Simplify returns, and what Cynet calls it. */
export const SIMPLE = {
	user: 'username',
	department: 'department',
	email: 'email',
	role: 'role',
	isLocked: 'is_locked',
	badLogins: 'bad_logins',
};

export const get: Operation = {
	name: 'Get',
	action: 'Get a user',
	description: 'Get what Cynet knows about a user',
	properties: [
		locator({
			displayName: 'User Name',
			name: 'userName',
			description:
				'Name of the user as Cynet shows it, with the domain or host before it. The list holds the users seen in the last 30 days; type to search it.',
			list: 'users',
			select: 'Select a user...',
			by: 'name',
			placeholder: 'e.g. CORP\\a.meyer',
		}),
		...output,
		optionsOf(excludeFiles),
	],
	run: async (call) => {
		const name = call.filled(
			'userName',
			'User Name',
			'Fill in the name of the user as Cynet shows it, for example CORP\\a.meyer.',
		);
		const why =
			flawOfName(String(call.located('userName'))) ??
			(/[*%]/.test(name) ? 'it holds a sign that stands for any letters' : null);
		if (why !== null)
			throw call.refuse(
				`"User Name" cannot be the name of a user: ${why}`,
				'Fill in the name of one user as Cynet shows it, for example CORP\\a.meyer.',
			);
		const { shape } = outputOf(call, SIMPLE);
		const user = await fetchNamed(call.context, 'user', name, call.route);
		return [shape(withoutFiles(call, user))];
	},
};
