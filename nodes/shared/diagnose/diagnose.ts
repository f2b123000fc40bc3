import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { clock } from '../clock';
import { adviceOf, type Advice } from './advice';
import { holdsMet, isShareable } from './guard';
import { QUESTIONS, SHAREABLE, WITHHELD, type QuestionId } from './questions';
import { MOST_REQUESTS, Session, type Line } from './session';
import {
	undecided,
	type DiagnoseOptions,
	type Figures,
	type Finding,
	type Known,
	type Step,
} from './step';
import { askedTime } from './steps/asked-time';
import { changes, count } from './steps/changes';
import { fields } from './steps/fields';
import { firstLook } from './steps/first-look';
import {
	espm,
	files,
	hosts,
	inventedFile,
	inventedHost,
	inventedUser,
	oneHost,
	oneUser,
	remediations,
	users,
} from './steps/inventory';
import { logins, refusals } from './steps/logins';
import { limits, offsets, reach, unpaged } from './steps/paging';
import { tokenLife } from './steps/token-life';
import { watch } from './steps/watch';
import { small, told } from './told';

/** In the order in which they ask. What takes long comes last. */
const STEPS: readonly Step[] = [
	logins,
	refusals,
	firstLook,
	offsets,
	unpaged,
	limits,
	fields,
	askedTime,
	hosts,
	changes,
	count,
	reach,
	users,
	oneHost,
	oneUser,
	files,
	inventedHost,
	inventedUser,
	inventedFile,
	remediations,
	espm,
	watch,
	tokenLife,
];

/** One question in plain words. */
interface Verdict {
	readonly question: string;
	/** What the server did. */
	readonly seen: string;
	/** What the package takes for granted. */
	readonly assumed: string;
	/** Whether that holds; null where it is not decided. */
	readonly holds: boolean | null;
}

export interface Diagnosed {
	readonly verdicts: readonly Verdict[];
	readonly settings: readonly Advice[];
	/** Whether the report may be shared, and why. */
	readonly note: string;
	/** Null where it is withheld. */
	readonly report: Figures | null;
}

/** What a look-out is told: the question that is asked next, and how many requests were sent. */
type Progress = (question: string, asked: number) => void;

/**
 * Asks a server all that is not documented, and says what was found. Reads only, but for the two logins; 60 requests at
 * most, one a second. It ends at the first 429. A step that fails costs itself: its questions stay undecided.
 *
 * @param credential filled in, so that `flawOf` finds nothing
 */
export async function diagnoseServer(
	line: Line,
	credential: ICredentialDataDecryptedObject,
	options: DiagnoseOptions,
	progress: Progress = () => undefined,
): Promise<Diagnosed> {
	const { foreignClientId, remediationIds, siteGuid } = options;
	const session = new Session(line, credential, [foreignClientId, remediationIds, siteGuid]);
	const known: Known = {
		options,
		start: clock.now(),
		path: '/api/alerts/bulk',
		sample: null,
		whole: null,
		noAlerts: false,
		noHosts: false,
		offsetOf: null,
		pageSize: 100,
		cap: null,
		total: null,
		host: null,
		user: null,
		product: null,
	};
	const findings = new Map<QuestionId, Finding>();
	for (const step of STEPS) {
		if (session.end !== null) break;
		progress(QUESTIONS[step.ids[0] as QuestionId].question, session.asked);
		for (const finding of await attempt(step, session, known)) findings.set(finding.id, finding);
		if (session.token === null) break;
	}
	findings.set('rate', rateOf(session));
	return summed(findings, session, known);
}

/** What an answer holds may be anything: a step that trips over it costs its own questions. */
async function attempt(step: Step, session: Session, known: Known): Promise<readonly Finding[]> {
	try {
		return await step.run(session, known);
	} catch {
		return step.ids.map((id) => undecided(id, told`an answer could not be read`));
	}
}

function rateOf({ asked, end, retryAfter }: Session): Finding {
	const id = 'rate';
	const figures = { requests: asked, retryAfter: retryAfter === null ? null : small(retryAfter) };
	if (end === 'rateLimited')
		return {
			id,
			answer: 'rateLimited',
			seen: told`at request ${asked} it did, and nothing more was asked`,
			holds: false,
			figures,
		};
	const seen =
		end === null
			? told`not in ${asked} requests`
			: end === 'budget'
				? told`not in ${asked} requests; then they were used up`
				: told`nothing more was asked after ${asked} requests: ${end}`;
	return { id, answer: end ?? 'works', seen, holds: asked > 1 ? true : null, figures };
}

/** Questions that are only asked where someone switched them on. */
const ASKED_FOR: ReadonlySet<QuestionId> = new Set([
	'foreignClientId',
	'remediations',
	'espm',
	'lateness',
	'recurrence',
	'usedToken',
	'unusedToken',
]);

function findingOf(
	id: QuestionId,
	findings: ReadonlyMap<QuestionId, Finding>,
	session: Session,
): Finding | null {
	const found = findings.get(id);
	if (found !== undefined) return found;
	if (ASKED_FOR.has(id) && session.end === null) return null;
	return undecided(
		id,
		session.token === null
			? told`not asked, for there was no token`
			: session.end === null
				? told`there was nothing to tell it by`
				: told`not asked, for the diagnosis had ended`,
	);
}

function summed(
	found: ReadonlyMap<QuestionId, Finding>,
	session: Session,
	known: Known,
): Diagnosed {
	const ids = Object.keys(QUESTIONS) as QuestionId[];
	const findings = ids.flatMap((id) => findingOf(id, found, session) ?? []);
	const report: Figures = {
		format: 1,
		month: new Date(clock.now()).toISOString().slice(0, 7),
		product: known.product,
		requests: Math.min(session.asked, MOST_REQUESTS),
		answers: Object.fromEntries(findings.map(({ id, answer }) => [id, answer])),
		holds: Object.fromEntries(findings.map(({ id, holds }) => [id, holds])),
		figures: Object.fromEntries(
			findings.flatMap(({ id, figures }) => (figures === undefined ? [] : [[id, figures]])),
		),
	};
	const { met } = session;
	const isClean =
		isShareable(report, met) && !findings.some(({ seen }) => holdsMet([...seen.filled], met));
	return {
		verdicts: findings.map(({ id, seen, holds }) => ({
			question: QUESTIONS[id].question,
			seen: holdsMet([...seen.filled], met) ? WITHHELD_WORDS : seen.text,
			assumed: QUESTIONS[id].assumed,
			holds,
		})),
		settings: adviceOf(new Map(findings.map((finding) => [finding.id, finding])), session, known),
		note: isClean ? SHAREABLE : WITHHELD,
		report: isClean ? report : null,
	};
}

const WITHHELD_WORDS = 'withheld';
