import { schemeOf } from '../api/token';
import { ADVICE } from './questions';
import type { QuestionId } from './questions';
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
			say(
				'authentication',
				login === 'v2Login' ? 'Login V2' : 'Account Token',
				'Only this login gives a token.',
			);
	}
	if (login === 'refused')
		say('authentication', 'keys that work', 'Neither login takes the keys of the credential.');
	if (answerTo('oneToken') === 'ended' || session.renewals > 0)
		say(
			'apiUser',
			'one of its own, for each n8n and each other program',
			'Every login with the same keys ends the token before it.',
		);
	if (known.noAlerts && known.noHosts)
		say(
			'clientId',
			'the number of your site',
			'This site shows neither alerts nor hosts: a wrong Client ID may be answered so.',
		);
	const { cap } = known;
	if (cap !== null && cap < 100)
		say('pageSize', String(cap), 'The server sends no more alerts in one answer.');
	const lateness = findings.get('lateness');
	const minutes = lateness?.figures?.to;
	if (lateness?.holds === false) {
		const wanted = OVERLAPS.find((one) => typeof minutes === 'number' && one >= minutes);
		say('overlap', String(wanted ?? OVERLAPS.at(-1)), 'Alerts showed up later than it covers.');
	}
	const own = findings.get('clocks')?.figures?.minutes;
	if (own === 'thousand' || (typeof own === 'number' && Math.abs(own) > 2))
		say('clock', 'the right time', 'It is minutes away from the clock of the server.');
	const broken = ['zone', 'offset', 'boundary', 'envelope'].filter(
		(id) => findings.get(id as QuestionId)?.holds === false,
	);
	if (broken.length > 0)
		say('issue', 'please', 'The server does not do what the package takes for granted.');
	return advice;
}
