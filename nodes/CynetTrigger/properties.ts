import type { INodeProperties } from 'n8n-workflow';
import type { NUMBER_OPTIONS as Options } from './settings';
import { NUMBER_OPTIONS } from './settings';

function numberOption(name: keyof typeof Options, description: string): INodeProperties {
	const { displayName, default: preset, min, max } = NUMBER_OPTIONS[name];
	return {
		displayName,
		name,
		type: 'number',
		default: preset,
		typeOptions: { minValue: min, maxValue: max, numberPrecision: 0 },
		description,
	};
}

export const properties: INodeProperties[] = [
	{
		displayName: 'Simplify',
		name: 'simple',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			numberOption('lateSweepHours', 'Once an hour the trigger reads this far back, for alerts that the API shows very late. 0 turns it off.'),
			numberOption('lookbackHours', 'How far back the first poll reads after the workflow is published for the first time. 0 hands over only alerts from then on.'),
			numberOption('maxAlerts', 'Most alerts that one execution is given. What is left follows with the next polls.'),
			numberOption('overlapMinutes', 'How far each poll reads again behind what it has read already, for alerts that the API shows late. No alert comes twice because of it.'),
			numberOption('pageSize', 'How many alerts to ask for in one request. If your server sends fewer than 50 at most, set that number.'),
			numberOption('toleranceMinutes', 'How long a network or server outage is only noted in the log of n8n before polls count as failed. No alert is lost either way.'),
		],
	},
];
