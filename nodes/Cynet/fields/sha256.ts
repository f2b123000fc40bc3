import type { Call } from '../call';
import { locator } from './locator';

export const sha256 = locator({
	displayName: 'SHA-256',
	name: 'sha256',
	description:
		'SHA-256 hash of the file: 64 hexadecimal digits, in upper or lower case. The list holds the files that alerts of the last 7 days name; type to search it.',
	list: 'files',
	select: 'Select a file...',
	by: 'hash',
	placeholder: 'e.g. 553c1a…',
});

/**
 * The hash in upper case, as Cynet writes it in its alerts.
 * @throws NodeOperationError for what is no SHA-256
 */
export function sha256Of(call: Call): string {
	const hash = call.text('sha256');
	if (/^[\da-f]{64}$/i.test(hash)) return hash.toUpperCase();
	throw call.refuse(
		hash === ''
			? '"SHA-256" is empty'
			: `"SHA-256" is not 64 hexadecimal digits (it has ${hash.length} characters)`,
		'Fill in the SHA-256 hash of the file, not its MD5 or SHA-1. Simplified alerts hold it as sha256.',
	);
}
