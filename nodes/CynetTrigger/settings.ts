import type { IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

/** What the user set, checked. */
export interface TriggerSettings {
	readonly simple: boolean;
	readonly lookbackHours: number;
	readonly overlapMinutes: number;
	readonly lateSweepHours: number;
	readonly maxAlerts: number;
	readonly pageSize: number;
	readonly toleranceMinutes: number;
}

type NumberOption = Exclude<keyof TriggerSettings, 'simple'>;

interface Range {
	readonly displayName: string;
	readonly default: number;
	readonly min: number;
	readonly max: number;
}

/** All are whole numbers. */
export const NUMBER_OPTIONS: Readonly<Record<NumberOption, Range>> = {
	lookbackHours: { displayName: 'Look Back (Hours)', default: 24, min: 0, max: 8760 },
	overlapMinutes: { displayName: 'Overlap (Minutes)', default: 10, min: 1, max: 1440 },
	lateSweepHours: { displayName: 'Late Sweep (Hours)', default: 24, min: 0, max: 720 },
	maxAlerts: { displayName: 'Max Alerts', default: 1000, min: 1, max: 50_000 },
	pageSize: { displayName: 'Page Size', default: 100, min: 1, max: 1000 },
	toleranceMinutes: { displayName: 'Tolerance (Minutes)', default: 5, min: 0, max: 1440 },
};

/**
 * Reads the node's parameters.
 * @throws NodeOperationError naming the option and its range, before any request
 */
export function triggerSettings(context: IPollFunctions): TriggerSettings {
	const options = context.getNodeParameter('options', {}) as Record<string, unknown>;
	const number = (name: NumberOption): number => {
		const { displayName, default: preset, min, max } = NUMBER_OPTIONS[name];
		const value = options[name] ?? preset;
		if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
		throw new NodeOperationError(context.getNode(), `"${displayName}" is not a whole number from ${min} to ${max}`, {
			description: `Open the options of this node and set ${displayName} to a whole number from ${min} to ${max}. The usual value is ${preset}.`,
		});
	};
	return {
		simple: context.getNodeParameter('simple', true) as boolean,
		lookbackHours: number('lookbackHours'),
		overlapMinutes: number('overlapMinutes'),
		lateSweepHours: number('lateSweepHours'),
		maxAlerts: number('maxAlerts'),
		pageSize: number('pageSize'),
		toleranceMinutes: number('toleranceMinutes'),
	};
}
