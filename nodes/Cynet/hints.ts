import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';
import { MOST_OF_TEXTS, MOST_VALUES } from '../shared/alert/limits';

/** What the node says beside what it returns. No angle brackets: n8n's editor renders HTML. */
export const HINTS = {
	nothingRead: (site: string) =>
		`Nothing was found at site ${site} after Since. Choose an earlier Since, or check that Client ID names the site you mean.`,
	nothingMatched: (read: number, site: string) =>
		`No alert matched: ${read} were read at site ${site}, and the filters left out all of them. Remove filters, or choose an earlier Since.`,
	cut: (limit: number) =>
		`Limit cut the results at ${limit}: there may be more. Raise Limit, or turn on Return All.`,
	cutOf: (limit: number, all: number) =>
		`Limit cut the results: ${limit} of ${all} are returned. Raise Limit, or turn on Return All.`,
	accepted: (count: number) =>
		`Accepted is not done: Cynet accepted ${count} of the actions, and can take up to 24 hours for each. Check the outcome in the Cynet console.`,
	dryRun: (count: number) =>
		`Dry Run is on, so nothing was sent for ${count} of the items. Remove the option Dry Run to act.`,
	noSite: (count: number) =>
		`The keys of ${count} alerts name no site, for these alerts do not say where they come from. Add the option Client ID.`,
	alertCut: (count: number) =>
		`${count} of the alerts held more than is converted of one (${MOST_VALUES} values, ${MOST_OF_TEXTS} characters). The rest is left out, and "[cut]" stands in its place. Look the whole alert up in Cynet.`,
} as const;

/** How many different hints of a kind are shown: a run over many items says each thing a few times at most. */
const MOST_OF_A_KIND = 3;

type Counted = 'accepted' | 'alertCut' | 'dryRun' | 'noSite';

/** The hints of one execution of the node: what many items have in common is said once, with their number. */
export class Hints {
	private readonly counts = new Map<Counted, number>();
	private readonly told = new Map<string, Set<string>>();

	/** One more item of that kind. */
	count(kind: Counted): void {
		this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
	}

	/**
	 * What came of a list.
	 * @param all how many there are; null where the rest was not read
	 */
	list(site: string, list: { read: number; returned: number; limit: number; all: number | null }) {
		const { read, returned, limit, all } = list;
		if (read === 0) this.tell('nothingRead', HINTS.nothingRead(site));
		else if (returned === 0) this.tell('nothingMatched', HINTS.nothingMatched(read, site));
		else if (all === null ? returned >= limit : all > limit)
			this.tell('cut', all === null ? HINTS.cut(limit) : HINTS.cutOf(limit, all));
	}

	/** Hands them to n8n, which shows them beside the output. */
	show(context: IExecuteFunctions): void {
		const messages = [
			...[...this.told.values()].flatMap((texts) => [...texts]),
			...[...this.counts].map(([kind, count]) => HINTS[kind](count)),
		];
		// A node that n8n runs alone, for an agent, has no place for them.
		if (messages.length === 0 || typeof context.addExecutionHints !== 'function') return;
		context.addExecutionHints(
			...messages.map(
				(message): NodeExecutionHint => ({ message, type: 'info', location: 'outputPane' }),
			),
		);
	}

	private tell(kind: string, text: string): void {
		const texts = this.told.get(kind) ?? new Set<string>();
		if (texts.size < MOST_OF_A_KIND) texts.add(text);
		this.told.set(kind, texts);
	}
}
