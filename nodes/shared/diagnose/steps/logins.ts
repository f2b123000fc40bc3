import { textOf } from '../../api/credential';
import { refusalOf } from '../../api/refusal';
import { schemeOf, type SchemeName } from '../../api/token';
import { alertsSince, listIn } from '../rows';
import type { HeldToken, Reply, Session } from '../session';
import { failureOf, isRefusal, step, undecided, type Finding, type Known } from '../step';
import { told } from '../told';

const HOUR = 3600_000;

interface Login {
	readonly scheme: SchemeName;
	readonly reply: Reply;
	readonly issued: string | null;
	/** Whether the token was taken in the header of its own login, and in the other one; null where that is not known. */
	readonly own: boolean | null;
	readonly crossed: boolean | null;
}

interface Logins {
	readonly first: Login;
	readonly second: Login;
	/** Whether the first token was taken after the second login; null where it was not asked. */
	readonly firstStillLives: boolean | null;
}

const otherOf = (scheme: SchemeName): SchemeName =>
	scheme === 'v2Login' ? 'accountToken' : 'v2Login';

async function logIn(session: Session, known: Known, scheme: SchemeName): Promise<Login> {
	const { issued, ...reply } = await session.logIn(scheme);
	if (issued === null) return { scheme, reply, issued, own: null, crossed: null };
	const own = await isTaken(session, known, { value: issued, header: scheme });
	const crossed = await isTaken(session, known, { value: issued, header: otherOf(scheme) });
	return { scheme, reply, issued, own, crossed };
}

/** Whether a token is taken; null where the answer does not say. */
async function isTaken(session: Session, known: Known, token: HeldToken): Promise<boolean | null> {
	const reply = await session.ask({
		...alertsSince(known, known.start - HOUR, { Limit: 1 }),
		token,
	});
	if (listIn(reply) !== null || reply.status === 404) return true;
	return reply.answer !== null && refusalOf(reply.answer, true) !== null ? false : null;
}

/** Both logins, that of the credential last: with its token all else is asked. */
export const logins = step<Logins>(
	['login', 'header', 'oneToken'],
	async (session, known) => {
		const scheme = schemeOf(session.credential);
		const first = await logIn(session, known, otherOf(scheme));
		let second = await logIn(session, known, scheme);
		// A server that failed once may answer now; keys that were refused are not tried again.
		if (second.issued === null && first.issued === null && isPassing(second.reply))
			second = await logIn(session, known, scheme);
		const asksAgain = first.issued !== null && first.own === true && second.issued !== null;
		const firstStillLives = asksAgain
			? await isTaken(session, known, { value: first.issued as string, header: first.scheme })
			: null;
		session.token = tokenOf(second) ?? tokenOf(first);
		return { first, second, firstStillLives };
	},
	(answers) => [loginOf(answers), headerOf(answers), oneTokenOf(answers)],
);

const isPassing = ({ status }: Reply): boolean => status === null || status >= 500;

function tokenOf({ scheme, issued, own, crossed }: Login): HeldToken | null {
	if (issued === null) return null;
	return { value: issued, header: own === false && crossed === true ? otherOf(scheme) : scheme };
}

function loginOf({ first, second }: Logins): Finding {
	const figures = {
		loginStatus: { [first.scheme]: first.reply.status, [second.scheme]: second.reply.status },
	};
	const base = { id: 'login' as const, figures };
	if (first.issued !== null && second.issued !== null)
		return { ...base, answer: 'both', seen: told`both logins give a token`, holds: true };
	const [only, failed] = second.issued !== null ? [second, first] : [first, second];
	if (only.issued !== null && !isRefusal(failed.reply))
		return { ...undecided('login', failureOf(failed.reply)), figures };
	if (only.issued !== null)
		return {
			...base,
			answer: only.scheme,
			seen: told`only the login ${only.scheme} gives a token`,
			holds: only === second,
		};
	const refused = [first, second].every(({ reply }) => isRefusal(reply));
	return {
		...base,
		answer: refused ? 'refused' : 'undecided',
		seen: refused ? told`neither login gives a token` : failureOf(second.reply),
		holds: refused ? false : null,
	};
}

function headerOf({ first, second }: Logins): Finding {
	const { own, crossed } = second.issued === null ? first : second;
	const id = 'header';
	if (own === null || crossed === null) return undecided(id, told`no token could be tried in both`);
	if (own && crossed)
		return { id, answer: 'anyHeader', seen: told`a token is taken in either header`, holds: true };
	if (own)
		return { id, answer: 'ownHeader', seen: told`only in the header of its login`, holds: true };
	return crossed
		? { id, answer: 'otherHeader', seen: told`only in the header of the other login`, holds: false }
		: { id, answer: 'refused', seen: told`in neither header, for this Client ID`, holds: false };
}

function oneTokenOf({ firstStillLives }: Logins): Finding {
	if (firstStillLives === null) return undecided('oneToken', told`there were no two tokens`);
	return firstStillLives
		? { id: 'oneToken', answer: 'lives', seen: told`the token before lives on`, holds: false }
		: { id: 'oneToken', answer: 'ended', seen: told`the token before has ended`, holds: true };
}

interface Refusals {
	readonly unknown: Reply;
	readonly none: Reply;
	readonly foreign: Reply | null;
}

/** No server has issued it. */
const NOBODYS = '00000000-unknown-token-00000000';

/** What is refused, and how. */
export const refusals = step<Refusals>(
	['unknownToken', 'noClientId', 'foreignClientId'],
	async (session, known) => {
		const list = alertsSince(known, known.start - HOUR, { Limit: 1 });
		const header = session.token?.header ?? schemeOf(session.credential);
		const unknown = await session.ask({ ...list, token: { value: NOBODYS, header } });
		const none = await session.ask({ ...list, clientId: null });
		const { foreignClientId } = known.options;
		const isForeign =
			foreignClientId !== undefined && foreignClientId !== textOf(session.credential.clientId);
		const foreign = isForeign ? await session.ask({ ...list, clientId: foreignClientId }) : null;
		return { unknown, none, foreign };
	},
	({ unknown, none, foreign }) => [
		unknownTokenOf(unknown),
		siteOf('noClientId', none),
		...(foreign === null ? [] : [siteOf('foreignClientId', foreign)]),
	],
);

function unknownTokenOf(reply: Reply): Finding {
	const id = 'unknownToken';
	const { answer, status } = reply;
	if (answer === null || status === null) return undecided(id, failureOf(reply));
	const understood = refusalOf(answer, true) !== null;
	const figures = { status };
	if (listIn(reply) !== null)
		return { id, answer: 'rows', seen: told`a list is answered`, holds: false, figures };
	if (!understood && !isRefusal(reply)) return undecided(id, failureOf(reply));
	return {
		id,
		answer: reply.reason === 'redirected' ? 'redirect' : status < 300 ? 'page' : 'refused',
		seen: failureOf(reply),
		holds: understood,
		figures,
	};
}

function siteOf(id: 'noClientId' | 'foreignClientId', reply: Reply): Finding {
	const { status } = reply;
	const figures = { status };
	const rows = listIn(reply);
	if (rows === null && !isRefusal(reply)) return undecided(id, failureOf(reply));
	if (rows === null) return { id, answer: 'refused', seen: failureOf(reply), holds: true, figures };
	if (rows.length > 0)
		return { id, answer: 'rows', seen: told`alerts are listed`, holds: false, figures };
	const holds = id === 'foreignClientId' ? true : null;
	return { id, answer: 'empty', seen: told`an empty list`, holds, figures };
}
