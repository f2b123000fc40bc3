import { refusalOf } from '../../api/refusal';
import { schemeOf } from '../../api/token';
import { alertsSince, listIn } from '../rows';
import type { HeldToken, Session } from '../session';
import { step, undecided, type Finding, type Known } from '../step';
import { told } from '../told';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Shorter than the shortest time-out that a tenant can set. */
const PACE_MINUTES = 9;
const LONGEST_MINUTES = 63;
/** Just beyond the time-outs that are likely: the default of a tenant, half an hour, an hour. */
const UNUSED_MINUTES = [21, 31, 61];

interface Life {
	/** The last age in minutes at which a token was taken, and the first at which it was not. */
	readonly used: Span;
	readonly unused: Span | null;
}

interface Span {
	readonly alive: number;
	readonly ended: number | null;
}

/** How long a token lives that is used all the time, and one that nobody uses. */
export const tokenLife = step<Life>(
	['usedToken', 'unusedToken'],
	async (session, known) => {
		if (!known.options.tokenLife) return null;
		const used = await useToken(session, known);
		if (used === null) return null;
		// What ends although it is used ends at that age in any case.
		return { used, unused: used.ended === null ? await leaveToken(session, known) : null };
	},
	({ used, unused }) => [usedOf(used), unusedOf(used, unused)],
);

async function freshToken(session: Session): Promise<HeldToken | null> {
	const header = session.token?.header ?? schemeOf(session.credential);
	const { issued } = await session.logIn(schemeOf(session.credential));
	if (issued === null) return null;
	session.token = { value: issued, header };
	return session.token;
}

/** Whether the token is taken; null where the answer does not say. */
async function isAlive(session: Session, known: Known, token: HeldToken): Promise<boolean | null> {
	const reply = await session.ask({
		...alertsSince(known, known.start - HOUR, { Limit: 1 }),
		token,
	});
	if (listIn(reply) !== null) return true;
	return reply.answer !== null && refusalOf(reply.answer, true) !== null ? false : null;
}

async function useToken(session: Session, known: Known): Promise<Span | null> {
	const token = await freshToken(session);
	if (token === null) return null;
	let alive = 0;
	for (let age = PACE_MINUTES; age <= LONGEST_MINUTES; age += PACE_MINUTES) {
		if (!(await session.wait(PACE_MINUTES * MINUTE))) break;
		const taken = await isAlive(session, known, token);
		if (taken === false) return { alive, ended: age };
		if (taken === true) alive = age;
	}
	return { alive, ended: null };
}

/** One token after the other is left alone, longer each time. */
async function leaveToken(session: Session, known: Known): Promise<Span | null> {
	let token = session.token ?? (await freshToken(session));
	let alive = 0;
	for (const age of UNUSED_MINUTES) {
		if (token === null || session.left < 1 || !(await session.wait(age * MINUTE))) break;
		const taken = await isAlive(session, known, token);
		if (taken === false) return { alive, ended: age };
		if (taken === true) alive = age;
		else token = await freshToken(session);
	}
	return alive === 0 ? null : { alive, ended: null };
}

function usedOf({ alive, ended }: Span): Finding {
	const id = 'usedToken';
	const figures = { from: alive, to: ended };
	if (ended !== null)
		return {
			id,
			answer: 'absolute',
			seen: told`it ended between ${alive} and ${ended} minutes, although it was used`,
			holds: alive >= 55,
			figures,
		};
	return alive === 0
		? undecided(id, told`it was never taken`)
		: { id, answer: 'longer', seen: told`it lived for ${alive} minutes`, holds: true, figures };
}

function unusedOf(used: Span, unused: Span | null): Finding {
	const id = 'unusedToken';
	if (used.ended !== null)
		return {
			id,
			answer: 'absolute',
			seen: told`no longer than one that is used`,
			holds: true,
			figures: { from: used.alive, to: used.ended },
		};
	if (unused === null) return undecided(id, told`there was no time or request left to look`);
	const { alive, ended } = unused;
	const figures = { from: alive, to: ended };
	return ended === null
		? { id, answer: 'longer', seen: told`it lived for ${alive} minutes`, holds: true, figures }
		: {
				id,
				answer: 'sliding',
				seen: told`it ended between ${alive} and ${ended} minutes, while a used one lives on`,
				holds: true,
				figures,
			};
}
