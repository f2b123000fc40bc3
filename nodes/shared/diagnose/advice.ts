import { schemeOf } from '../api/token';
import { ADVICE, WHY, type QuestionId } from './questions';
import type { Session } from './session';
import type { Finding, Known } from './step';

/** A setting to change. */
export interface Advice {
	readonly setting: string;
	readonly to: string;
	readonly why: string;
}

const OVERLAPS = [15, 30, 60, 120, 240, 1440];

/** What to change, by what was found. */
export function adviceOf(
	findings: ReadonlyMap<QuestionId, Finding>,
	session: Session,
	known: Known,
): Advice[] {
	const answerTo = (id: QuestionId) => findings.get(id)?.answer;
	const advice: Advice[] = [];
	const say = (setting: keyof typeof ADVICE, to: string, why: string) =>
		void advice.push({ setting: ADVICE[setting], to, why });

	const scheme = schemeOf(session.credential);
	const login = answerTo('login');
	if (login === 'accountToken' || login === 'v2Login') {
		if (login !== scheme)
			say('authentication', login === 'v2Login' ? 'Login V2' : 'Account Token', WHY.onlyLogin);
	}
	if (login === 'refused') say('authentication', 'keys that work', WHY.noLogin);
	if (answerTo('oneToken') === 'ended' || session.renewals > 0)
		say('apiUser', 'one of its own, for each n8n and each other program', WHY.oneToken);
	if (known.noAlerts && known.noHosts) say('clientId', 'the number of your site', WHY.nothingThere);
	const { cap } = known;
	if (cap !== null && cap < 100) say('pageSize', String(cap), WHY.cap);
	const lateness = findings.get('lateness');
	const minutes = lateness?.figures?.to;
	if (lateness?.holds === false) {
		const wanted = OVERLAPS.find((one) => typeof minutes === 'number' && one >= minutes);
		say('overlap', String(wanted ?? OVERLAPS.at(-1)), WHY.late);
	}
	const own = findings.get('clocks')?.figures?.minutes;
	if (own === 'thousand' || (typeof own === 'number' && Math.abs(own) > 2))
		say('clock', 'the right time', WHY.clock);
	const broken = ['zone', 'offset', 'boundary', 'envelope'].filter(
		(id) => findings.get(id as QuestionId)?.holds === false,
	);
	if (broken.length > 0) say('issue', 'please', WHY.otherwise);
	return advice;
}
