import { HINTS } from '../../../nodes/Cynet/hints.ts';

interface HintWords {
	/** What is filled in stands as `‹its name›`. */
	readonly text: string;
	/** What sets it off; the test that does so has it for its name. */
	readonly when: string;
}

/** A number that is filled in, to be found again. */
const HOLE = 7_654_321;
const holed = (text: string, name = 'number'): string => text.replaceAll(String(HOLE), `‹${name}›`);

/** What the editor shows beside an output that is none of the errors. */
export const HINT_WORDS: Readonly<Record<keyof typeof HINTS, HintWords>> = {
	nothingRead: {
		text: HINTS.nothingRead('‹site›'),
		when: 'Get Many of alerts, hosts, users or a report of vulnerabilities finds nothing',
	},
	nothingMatched: {
		text: holed(HINTS.nothingMatched(HOLE, '‹site›')),
		when: 'Alert: Get Many finds alerts, and none meets the filters',
	},
	cut: {
		text: holed(HINTS.cut(HOLE), 'limit'),
		when: 'Alert: Get Many finds as many alerts as Limit allows',
	},
	cutOf: {
		text: HINTS.cutOf(HOLE, 1).replace(`${HOLE} of 1`, '‹limit› of ‹number›'),
		when: 'Get Many of hosts, users or a report of vulnerabilities finds more than Limit allows',
	},
	accepted: {
		text: holed(HINTS.accepted(HOLE)),
		when: 'Cynet accepts a remediation',
	},
	dryRun: { text: holed(HINTS.dryRun(HOLE)), when: 'A remediation runs with Dry Run' },
	noSite: {
		text: holed(HINTS.noSite(HOLE)),
		when: 'Alert: Convert is given an alert that did not come through a node of this package',
	},
	alertCut: {
		text: holed(HINTS.alertCut(HOLE)),
		when: 'Alert: Convert is given an alert that is far larger than any of Cynet',
	},
};
