import type { IDataObject } from 'n8n-workflow';

import type { QuestionId } from './questions';
import type { Reply, Session } from './session';
import { told, type Told } from './told';
import type { Word } from './vocabulary';

/** What a figure may be: what the report may hold. */
export type Figures = { readonly [name: string]: number | boolean | string | null | Figures };

/** The answer to one question. */
export interface Finding {
	readonly id: QuestionId;
	readonly answer: Word;
	readonly seen: Told;
	/** Whether what the package takes for granted holds; null where that is not decided. */
	readonly holds: boolean | null;
	readonly figures?: Figures;
}

/** What the user switched on, and what steps need to know of earlier ones. */
export interface Known {
	readonly options: DiagnoseOptions;
	/** The time at the beginning, by this machine's clock. */
	readonly start: number;
	/** The list that the others ask about: the paged one, or the only one that an older server has. */
	path: '/api/alerts/bulk' | '/api/alerts';
	/** Most rows that the list showed. */
	sample: Sample | null;
	/** A list that is known to be whole, with rows. */
	whole: Sample | null;
	/** Whether the site showed no alert at all, and no host. */
	noAlerts: boolean;
	noHosts: boolean;
	/** What Offset the row at a place has; null where that is not known. */
	offsetOf: ((place: number) => number) | null;
	/** Rows a page to ask for where it matters little; a server may refuse more. */
	pageSize: number;
	/** Rows a page at most; null where no cap was seen. */
	cap: number | null;
	/** How many rows the list of the sample has; null where that is not known. */
	total: number | null;
	/** A host and a user that exist. */
	host: string | null;
	user: string | null;
	/** Major and minor number of the agents. */
	product: string | null;
}

export interface DiagnoseOptions {
	/** A site that is not this customer's. */
	readonly foreignClientId?: string;
	readonly remediationIds: readonly string[];
	/** For the ESPM lists. */
	readonly siteGuid?: string;
	/** How long to look on, in minutes; 0 for not at all. */
	readonly watchMinutes: number;
	readonly tokenLife: boolean;
}

export interface Sample {
	/** Milliseconds since the epoch. */
	readonly since: number;
	readonly rows: readonly IDataObject[];
	readonly reply: Reply;
}

export interface Step {
	readonly ids: readonly QuestionId[];
	run(session: Session, known: Known): Promise<readonly Finding[]>;
}

/** A step that asks first and judges then; judging asks nothing. */
export function step<Answers>(
	ids: readonly QuestionId[],
	ask: (session: Session, known: Known) => Promise<Answers | null>,
	judge: (answers: Answers, known: Known) => readonly Finding[],
): Step {
	return {
		ids,
		run: async (session, known) => {
			const answers = await ask(session, known);
			return answers === null ? [] : judge(answers, known);
		},
	};
}

/** Nothing could be found out. */
export const undecided = (id: QuestionId, seen: Told): Finding => ({
	id,
	answer: 'undecided',
	seen,
	holds: null,
});

/** Whether an answer says no for certain: what is busy or broken says nothing. */
export const isRefusal = ({ status }: Reply): boolean =>
	status !== null && status >= 400 && status < 500 && ![408, 425, 429].includes(status);

/** How an answer that is no success is said. */
export function failureOf({ status, reason }: Reply): Told {
	if (reason === 'notAsked') return told`not asked any more`;
	return status === null ? told`no answer came` : told`status ${status}`;
}
