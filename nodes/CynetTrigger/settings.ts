import type { IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { AlertFilters } from '../shared/alert/filters';
import type { AlertEvent } from '../shared/alert/identity';
import { filtersOf } from '../shared/alert/read-filters';
import { truthOf } from '../shared/flags';

/** What the user set, checked. */
export interface TriggerSettings extends Readonly<Record<NumberOption, number>> {
	readonly events: readonly AlertEvent[];
	readonly simple: boolean;
	readonly filters: AlertFilters;
	/** Sites to poll; empty = the credential's own. */
	readonly clientIds: readonly string[];
	readonly replayAfterRestart: boolean;
}

interface Range {
	readonly displayName: string;
	readonly default: number;
	readonly min: number;
	readonly max: number;
}

export type NumberOption =
	| 'lateSweepHours'
	| 'lookbackHours'
	| 'maxAlerts'
	| 'overlapMinutes'
	| 'pageSize'
	| 'toleranceMinutes';

/** All are whole numbers. */
export const NUMBER_OPTIONS: Readonly<Record<NumberOption, Range>> = {
	lateSweepHours: { displayName: 'Late Sweep (Hours)', default: 24, min: 0, max: 720 },
	lookbackHours: { displayName: 'Look Back (Hours)', default: 24, min: 0, max: 8760 },
	maxAlerts: { displayName: 'Max Alerts per Poll', default: 1000, min: 1, max: 50_000 },
	overlapMinutes: { displayName: 'Overlap (Minutes)', default: 10, min: 1, max: 1440 },
	pageSize: { displayName: 'Page Size', default: 100, min: 1, max: 1000 },
	toleranceMinutes: { displayName: 'Tolerance (Minutes)', default: 5, min: 0, max: 1440 },
};

/**
 * Reads the node's parameters.
 * @throws NodeOperationError naming the option and what it takes, before any request
 */
export function triggerSettings(context: IPollFunctions): TriggerSettings {
	const options = context.getNodeParameter('options', {}) as Record<string, unknown>;
	const refuse = (message: string, description: string) =>
		new NodeOperationError(context.getNode(), message, { description });
	const number = (name: NumberOption): number => {
		const { displayName, default: preset, min, max } = NUMBER_OPTIONS[name];
		const value = options[name] ?? preset;
		if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max)
			return value;
		throw refuse(
			`"${displayName}" is not a whole number from ${min} to ${max}`,
			`Open the options of this node and set ${displayName} to a whole number from ${min} to ${max}. The usual value is ${preset}.`,
		);
	};
	const flag = (field: string, value: unknown): boolean => {
		const truth = truthOf(value);
		if (truth !== null) return truth;
		throw refuse(
			`"${field}" is neither true nor false`,
			'Turn it on or off, or let its expression give true or false.',
		);
	};
	const { replayAfterRestart } = {
		replayAfterRestart: false,
		...(context.getNode().parameters.options as object | undefined),
		...options,
	};
	const events = context.getNodeParameter('events', ['created']) as AlertEvent[];
	if (events.length === 0)
		throw refuse(
			'No event is chosen',
			'Choose at least one under Events, for example Alert Created.',
		);
	// A list that is pasted has lines, or semicolons.
	const clientIds = String(options.clientIds ?? '')
		.trim()
		.split(/\s*[,;]\s*|\s+/);
	const isGap = clientIds.length > 1 && clientIds.includes('');
	if (isGap || !clientIds.every((clientId) => /^[\x21-\x7e]*$/.test(clientId))) {
		throw refuse(
			isGap
				? '"Client IDs" has an empty place'
				: '"Client IDs" holds characters that no Client ID has',
			'Write the Client IDs with one comma between each two, for example 2251997,2251998.',
		);
	}
	return {
		events,
		simple: flag('Simplify', context.getNodeParameter('simple', true)),
		filters: filtersOf(
			context.getNodeParameter('filters', {}),
			context.getNode().parameters.filters,
			refuse,
		),
		clientIds: [...new Set(clientIds.filter((clientId) => clientId !== ''))],
		replayAfterRestart: flag('Replay After Restart', replayAfterRestart),
		lateSweepHours: number('lateSweepHours'),
		lookbackHours: number('lookbackHours'),
		maxAlerts: number('maxAlerts'),
		overlapMinutes: number('overlapMinutes'),
		pageSize: number('pageSize'),
		toleranceMinutes: number('toleranceMinutes'),
	};
}
