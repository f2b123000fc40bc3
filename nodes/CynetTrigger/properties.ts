import type { INodeProperties } from 'n8n-workflow';
import { alertFilters } from '../shared/alert/filter-properties';
import type { NumberOption } from './settings';
import { NUMBER_OPTIONS } from './settings';

function numberOption(name: NumberOption, description: string): INodeProperties {
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

const options: INodeProperties[] = [
	{
		displayName: 'Client IDs',
		name: 'clientIds',
		type: 'string',
		default: '',
		placeholder: 'e.g. 2251997,2251998',
		description:
			'Sites to poll instead of the one in the credential, separated by commas. Where the reading of a site stands is kept for each.',
	},
	numberOption(
		'lateSweepHours',
		'Once an hour the trigger reads this far back, for alerts that the API shows very late. 0 turns it off.',
	),
	numberOption(
		'lookbackHours',
		'How far back the first poll reads after the workflow is published for the first time. 0 emits only alerts from then on.',
	),
	numberOption(
		'maxAlerts',
		'Most alerts that one execution is given. What is left follows with the next polls.',
	),
	numberOption(
		'overlapMinutes',
		'How far each poll reads again behind what it has read already, for alerts that the API shows late. No alert comes twice because of it.',
	),
	numberOption(
		'pageSize',
		'How many alerts to ask for in one request. If your server sends fewer than ten at most, set that number.',
	),
	{
		displayName: 'Replay After Restart',
		name: 'replayAfterRestart',
		type: 'boolean',
		default: true,
		description:
			'Whether to emit the last batch again, with the same keys, when n8n has been restarted. For workflows that must not miss an alert even if n8n is killed, and whose target tells repeated keys apart. Not needed with the durable cursors of n8n.',
	},
	numberOption(
		'toleranceMinutes',
		'How long a network or server outage is only noted in the log of n8n before polls count as failed. No alert is lost either way.',
	),
];

export const properties: INodeProperties[] = [
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: [
			{ name: 'Alert Created', value: 'created', description: 'A new alert' },
			{ name: 'Alert Recurred', value: 'recurred', description: 'A known alert was seen again' },
			{
				name: 'Alert Updated',
				value: 'updated',
				description: 'The status or another part of the record of an alert changed',
			},
		],
		default: ['created'],
		description: 'What starts the workflow',
	},
	{
		displayName: 'Simplify',
		name: 'simple',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	alertFilters,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options,
	},
];
