import type { INodeProperties } from 'n8n-workflow';
import { alertFilters } from '../shared/alert/filter-properties';
import type { NumberOption } from './settings';
import { NUMBER_OPTIONS } from './settings';

const withRange = (description: string, min: number, max: number): string =>
	`${description} From ${min} to ${max}.`;

function numberOption(name: NumberOption, description: string): INodeProperties {
	const { displayName, default: preset, min, max } = NUMBER_OPTIONS[name];
	return {
		displayName,
		name,
		// No bounds for the editor, which would change a value in silence: what is out of range is refused
		type: 'number',
		default: preset,
		description: withRange(description, min, max),
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
			'Sites to poll instead of the one in the credential, separated by commas. Below its name the node shows how many.',
	},
	numberOption(
		'lateSweepHours',
		'How far back to look once an hour for alerts that the API shows very late. 0 turns it off.',
	),
	numberOption(
		'lookbackHours',
		'How far back the first poll reads after you publish the workflow for the first time. 0 emits only alerts from then on.',
	),
	numberOption(
		'maxAlerts',
		'Max number of alerts to emit in one poll, which is one execution. The rest follows with the next polls.',
	),
	numberOption(
		'overlapMinutes',
		'How far behind its cursor each poll reads again, for alerts that the API shows late. It emits no alert twice.',
	),
	numberOption(
		'pageSize',
		'How many alerts to request at a time. If your server never sends ten at a time, set the number that it sends.',
	),
	{
		displayName: 'Replay After Restart',
		name: 'replayAfterRestart',
		type: 'boolean',
		default: true,
		description:
			'Whether to emit the last batch again, with the same keys, after n8n restarts. For workflows that must not miss an alert even if n8n is killed, and whose target knows a key that it has seen. Not needed with the durable cursors of n8n.',
	},
	numberOption(
		'toleranceMinutes',
		'How long an outage of the network or the server only shows in the log of n8n before polls fail. No alert is lost either way.',
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
				description: 'The status or another part of a known alert changed',
			},
		],
		default: ['created'],
		description: 'Which events start the workflow',
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
