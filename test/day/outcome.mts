import { spreadOf, type Spread } from '../../simulator/latency.mts';
import type { Emission } from './emission.mts';
import type { Part, Raised } from './raising.mts';
import type { SickSite } from './troubles.mts';

/** Whose alerts: of healthy sites that share a workflow with a sick one, or of the other workflows. */
export type Group = 'beside' | 'apart';

export interface Outcome {
	readonly raised: number;
	readonly emitted: number;
	/** Alerts in no execution. */
	readonly lost: number;
	/** Copies beyond the first. */
	readonly twice: number;
	/** Emitted, but never raised. */
	readonly unknown: number;
	/** Alerts that were emitted, and that the workflow delivered nowhere in the end. */
	readonly undelivered: number;
	/** Seconds from raised to emitted. */
	readonly spreads: Readonly<Record<Group, Readonly<Record<Part, Spread>>>>;
	/** What n8n says of each sick site; null for nothing. */
	readonly said: ReadonlyArray<{ readonly what: string; readonly sentence: string | null }>;
	readonly kills: number;
	readonly executions: number;
	readonly ranAgain: number;
	readonly exchanges: number;
	readonly requests: number;
	readonly seconds: number;
}

const PARTS = ['calm', 'sick', 'kills'] as const;

/** The times of healthy sites: what a sick one raised meanwhile waits until it is well. */
export async function spreadsOf(
	raised: readonly Raised[],
	emissions: readonly Emission[],
	sick: readonly SickSite[],
): Promise<Outcome['spreads']> {
	const times = new Map<string, number>();
	for (const emission of emissions)
		for (const [key, at] of await emission.times()) times.set(key, at);
	const ill = new Set(sick.map(({ site }) => site));
	const beside = new Set(
		emissions
			.flatMap(({ deployment }) => deployment.workflows)
			.filter((sites) => sites.some((site) => ill.has(site)))
			.flat(),
	);
	const of = (isBeside: boolean): Record<Part, Spread> => {
		const spreads = PARTS.map((part) => {
			const took = raised
				.filter(
					(alert) =>
						alert.isTimed &&
						alert.part === part &&
						!ill.has(alert.site) &&
						beside.has(alert.site) === isBeside,
				)
				.flatMap(({ key, at }) => (times.has(key) ? [(times.get(key)! - at) / 1000] : []));
			return [part, spreadOf(took)] as const;
		});
		return Object.fromEntries(spreads) as Record<Part, Spread>;
	};
	return { beside: of(true), apart: of(false) };
}

/** What became of the alerts: by n8n's databases what was emitted, by the ledgers what was delivered. */
export async function balanceOf(
	raised: readonly Raised[],
	emissions: readonly Emission[],
): Promise<Pick<Outcome, 'raised' | 'emitted' | 'lost' | 'twice' | 'unknown' | 'undelivered'>> {
	const keys = (await Promise.all(emissions.map(async (one) => await one.keys()))).flat();
	const arrived = new Set(keys);
	const expected = new Set(raised.map(({ key }) => key));
	const ledgers = emissions.map(({ deployment }) => deployment.simulator.ledger);
	return {
		raised: expected.size,
		emitted: arrived.size,
		lost: [...expected].filter((key) => !arrived.has(key)).length,
		twice: keys.length - arrived.size,
		unknown: [...arrived].filter((key) => !expected.has(key)).length,
		undelivered: [...arrived].filter((key) => !ledgers.some((ledger) => ledger.has(key))).length,
	};
}
