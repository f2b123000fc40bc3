import type { FATES } from '../../../nodes/Cynet/remediation/fates.ts';

interface FateWords {
	/** For the hosts. */
	readonly meaning: string;
	readonly remedy: string;
	readonly when: string;
}

/** What the remedy of a remediation that failed says first. */
export const FATE_WORDS: Readonly<Record<keyof typeof FATES, FateWords>> = {
	notBegun: {
		meaning:
			'Cynet refused the request, or n8n never sent it: no host and no file was touched. The remedy of the message follows',
		remedy: 'Do what follows, then run the item again',
		when: 'Cynet answers a remediation with status 400, 403, 404 or with a redirect, or for ten minutes with 429, a fresh token is refused as well, or the login fails',
	},
	unknown: {
		meaning:
			'The request was on its way, and no answer says what became of it. Cynet may be acting on the host, or not',
		remedy:
			'Look up the host or the file in the Cynet console. If the action shows there, do nothing; if not, run the item again',
		when: 'The connection breaks off after a remediation was sent, no answer comes in time, or the answer is a web page, breaks off, does not say that Cynet accepted, or has status 303, 408, 500 or higher',
	},
};
