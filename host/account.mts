import type { Simulator } from '../simulator/simulator.mts';
import type { Credential } from './rest.mts';

/**
 * The credential as a user fills it in for the first site of a simulated Cynet 360; with other data
 * or another name where they are given.
 */
export function accountOf(
	{ url, settings: { username, password, sites } }: Simulator,
	data: Readonly<Record<string, unknown>> = {},
	name = 'Cynet',
): Credential {
	return {
		name,
		type: 'cynetApi',
		data: {
			baseUrl: url,
			authentication: 'accountToken',
			username,
			password,
			clientId: sites[0],
			allowUnauthorizedCerts: false,
			...data,
		},
	};
}
