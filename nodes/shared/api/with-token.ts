import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { clock } from '../clock';
import { accountOf } from './account';
import { textOf, YOUNG_MS } from './credential';
import { diagnoseAnswer, isDiagnosis, unsent, type Answer, type Diagnosis } from './diagnosis';
import { refusalOf } from './refusal';

type Credential = ICredentialDataDecryptedObject;

/** A request, and what is needed to send it with another token. */
interface TokenCall {
	/** As n8n stored it. */
	readonly credential: Credential;
	/** What is asked, to remember a refusal that is not about the token. */
	readonly call: string;
	/** When to give up, by `clock.ticks`. */
	readonly deadline: number;
	/** Whether it may be sent again after an answer that does not say for sure that nothing was done. */
	readonly repeatable: boolean;
	/** Sends it. A blank token makes n8n log in first; the token that was used is in the credential afterwards. */
	readonly ask: (credential: Credential) => Promise<Answer | Diagnosis>;
	/** The credential as it is stored now. */
	readonly readAgain: () => Promise<Credential | Diagnosis>;
}

/**
 * With how many fresh tokens a request is sent at most: with one API user, another client's login
 * can end each of them.
 */
const MOST_FRESH = 4;

/** The longest pause before the second fresh token, in milliseconds; twice as long before the third. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * The answer to a request, with a token that holds. A server says in many ways that a token has
 * ended, and its life is not
 * known: such an answer to an old token counts only once a fresh token was answered so as well.
 * Whoever logs in with the same
 * keys ends our token, and we end theirs: after a second refusal, pauses of random length let one of the two be first.
 */
export async function withToken({
	credential: stored,
	call,
	deadline,
	repeatable,
	ask,
	readAgain,
}: TokenCall): Promise<Answer | Diagnosis> {
	let account = accountOf(stored);
	let credential = account.canUse(stored) ? stored : withoutToken(stored);
	let outcome = await ask(credential);
	const age = account.ageOf(credential);
	const refused = new Set<string>();
	for (let fresh = 0; ; fresh++) {
		const refusal = isDiagnosis(outcome) ? null : refusalOf(outcome, repeatable);
		if (refusal === null) {
			if (isDiagnosis(outcome) || diagnoseAnswer(outcome) !== null) return outcome;
			account.accepted(call);
			if (fresh === 1 && age !== Infinity) account.sawEnd(age);
			if (fresh > 1) account.sawContest();
			return outcome;
		}
		const settled = account.isSettled(call);
		// A token that was surely refused is worth one login even so: another client may have ended it.
		const most =
			refusal === 'token'
				? settled
					? 1
					: MOST_FRESH
				: settled || account.ageOf(credential) <= YOUNG_MS
					? 0
					: MOST_FRESH;
		const mayBeToken = fresh < most;
		if (!mayBeToken) {
			if (!settled) account.settle(call);
			return outcome;
		}
		const pause =
			fresh > 0 || account.contested ? clock.random() * LONGEST_PAUSE_MS * Math.max(1, fresh) : 0;
		// Where another client is known to end our tokens, that the time is over says nothing of the credential.
		if (clock.ticks() + pause >= deadline)
			return fresh > 0 && !account.contested ? outcome : unsent('timedOut');
		account.refuse(credential);
		refused.add(textOf(credential.accessToken));
		if (pause > 0) {
			await clock.wait(pause);
			const again = await readAgain();
			if (isDiagnosis(again)) return again;
			credential = again;
			// Someone may have changed it meanwhile: then it is another account's turn.
			account = accountOf(again);
		}
		if (refused.has(textOf(credential.accessToken)) || !account.canUse(credential))
			credential = withoutToken(credential);
		outcome = await ask(credential);
	}
}

/** n8n counts a blank token as to be renewed, and stores the new one in the credential. */
function withoutToken(credential: Credential): Credential {
	return { ...credential, accessToken: '' };
}
