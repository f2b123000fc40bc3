import { isPage, type Answer } from './diagnosis';

/** Statuses that servers and proxies have for a token or session that has ended. */
const ENDED: ReadonlySet<number> = new Set([401, 419, 440, 498]);

const ENDED_WORDS =
	/invalid[ _-]?token|token\b[^.]{0,40}\b(?:expired|invalid|revoked|ended|not valid)|(?:expired|invalid)\b[^.]{0,20}\btoken/i;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether an answer says that the token has ended, for sure or perhaps. */
export function refusalOf(answer: Answer, repeatable: boolean): 'token' | 'perhaps' | null {
	const { status, headers, body } = answer;
	if (ENDED.has(status)) return 'token';
	if (status === 400) return ENDED_WORDS.test(textsOf(headers, body)) ? 'token' : null;
	if (status === 403) return 'perhaps';
	// A login page or the way to it. After these nobody knows whether an action was begun.
	const login = REDIRECTS.has(status) || (status < 300 && isPage(answer));
	return login && repeatable ? 'perhaps' : null;
}

function textsOf(headers: Answer['headers'], body: unknown): string {
	return `${String(headers['www-authenticate'])} ${JSON.stringify(body) ?? ''}`.slice(0, 4_000);
}
