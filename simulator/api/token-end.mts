import { json, problem, type Answer } from '../http/answers.mts';
import { LOGIN_PAGE } from '../http/pages.mts';

/** How servers and what stands before them say that a token has ended; no source shows which the vendor uses. */
export const TOKEN_ENDS = [
	'401',
	'403',
	'419',
	'440',
	'498',
	'invalidToken',
	'loginPage',
	'redirect',
] as const;

export type TokenEnd = (typeof TOKEN_ENDS)[number];

const WHY = 'The access token is not valid or has expired';

const ANSWERS: Partial<Record<TokenEnd, Answer>> = {
	// RFC 6750 asks for 401 here; some servers send 400.
	invalidToken: json({ error: 'invalid_token', error_description: WHY }, 400),
	loginPage: LOGIN_PAGE,
	redirect: { status: 302, text: '', headers: { location: '/login?returnUrl=%2F' } },
};

export const tokenEnded = (end: TokenEnd): Answer => ANSWERS[end] ?? problem(Number(end), WHY);
