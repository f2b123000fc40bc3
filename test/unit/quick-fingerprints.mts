import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/**
 * A fingerprint is slow on purpose, and hundreds of tests have an account of their own: here the same hash costs
 * next to nothing. That it is asked for at its full price, `api-fingerprint.test.mts` tells.
 */
const { scryptSync } = crypto;
if (scryptSync.name === 'scryptSync') {
	crypto.scryptSync = function quick(password, salt, length, options) {
		return scryptSync(password, salt, length, { ...options, N: 2 });
	};
	syncBuiltinESMExports();
}
