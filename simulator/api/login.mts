import { isObject } from '../control/checks.mts';
import { json, problem, type Handler } from '../http/answers.mts';
import type { Routes } from '../http/routes.mts';
import type { Settings } from '../settings.mts';
import type { Access, Scheme } from './access.mts';

/** Both logins: the account token (D, eight sources) and the v2 login (W, one source). Neither needs a client_id. */
export function loginRoutes(settings: Settings, access: Access): Routes {
	const login =
		(nameField: string, secretField: string, tokenField: string, scheme: Scheme): Handler =>
		(call) => {
			const { logins } = settings;
			if (logins !== 'both' && logins !== (scheme === 'bearer' ? 'v2Login' : 'accountToken'))
				return problem(404, 'There is no such path');
			const body = call.body();
			if (!isObject(body)) return problem(400, `Send JSON with ${nameField} and ${secretField}`);
			for (const field of [nameField, secretField]) {
				if (typeof body[field] !== 'string') return problem(400, `${field} is missing`);
			}
			// W: 401 for wrong keys. The body is our own.
			if (body[nameField] !== settings.username || body[secretField] !== settings.password)
				return problem(401, 'The user name or the password is incorrect');
			return json({ [tokenField]: access.issue(scheme) });
		};

	return {
		'POST /api/account/token': login('user_name', 'password', 'access_token', 'access_token'),
		'POST /api/v2/login': login('accessKey', 'secretKey', 'access', 'bearer'),
	};
}
