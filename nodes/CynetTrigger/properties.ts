import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { ALERT_TYPES, SEVERITIES, STATUSES } from '../shared/alert/codes';
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

const choices = (names: Readonly<Record<number, string>>): INodePropertyOptions[] =>
	Object.entries(names).map(([value, name]) => ({ name, value: Number(value) }));

const filters: INodeProperties[] = [
	{
		displayName: 'Alert Types',
		name: 'alertTypes',
		type: 'multiOptions',
		options: choices(ALERT_TYPES),
		default: [],
		description: 'What the alert is about',
	},
	{
		displayName: 'Host Name',
		name: 'hostName',
		type: 'string',
		default: '',
		placeholder: 'e.g. WS-0142',
		description: 'The whole name of the host, in upper or lower case',
	},
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. Malicious Binary',
		description: 'Part of the name of the alert, in upper or lower case',
	},
	{
		displayName: 'Scan Group',
		name: 'scanGroup',
		type: 'string',
		default: '',
		placeholder: 'e.g. Servers',
		description: 'The whole name of the scan group of the host, in upper or lower case',
	},
	{
		displayName: 'Severities',
		name: 'severities',
		type: 'multiOptions',
		options: choices(SEVERITIES),
		default: [],
		description: 'How grave the alert is. Unknown also stands for what this package has no name for.',
	},
	{
		displayName: 'Statuses',
		name: 'statuses',
		type: 'multiOptions',
		options: choices(STATUSES),
		default: [],
		description: 'Where the alert stands when it is handed over',
	},
];

const options: INodeProperties[] = [
	{
		displayName: 'Client IDs',
		name: 'clientIds',
		type: 'string',
		default: '',
		placeholder: 'e.g. 2251997,2251998',
		description: 'Sites to poll instead of the one in the credential, separated by commas. Each has a cursor of its own.',
	},
	numberOption('lateSweepHours', 'Once an hour the trigger reads this far back, for alerts that the API shows very late. 0 turns it off.'),
	numberOption('lookbackHours', 'How far back the first poll reads after the workflow is published for the first time. 0 hands over only alerts from then on.'),
	numberOption('maxAlerts', 'Most alerts that one execution is given. What is left follows with the next polls.'),
	numberOption('overlapMinutes', 'How far each poll reads again behind what it has read already, for alerts that the API shows late. No alert comes twice because of it.'),
	numberOption('pageSize', 'How many alerts to ask for in one request. If your server sends fewer than 50 at most, set that number.'),
	{
		displayName: 'Replay After Restart',
		name: 'replayAfterRestart',
		type: 'boolean',
		default: false,
		description: 'Whether to hand over the last batch again, with the same keys, when n8n has been restarted. For workflows that must not miss an alert even if n8n is killed, and whose target tells repeated keys apart. Not needed with the durable cursors of n8n.',
	},
	numberOption('toleranceMinutes', 'How long a network or server outage is only noted in the log of n8n before polls count as failed. No alert is lost either way.'),
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
			{ name: 'Alert Updated', value: 'updated', description: 'The status or another part of the record of an alert changed' },
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
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		description: 'Only alerts that meet all of these are handed over',
		options: filters,
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options,
	},
];
