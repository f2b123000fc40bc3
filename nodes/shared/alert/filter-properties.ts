import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { ALERT_TYPES, SEVERITIES, STATUSES } from './codes';

const choices = (names: Readonly<Record<number, string>>): INodePropertyOptions[] =>
	Object.entries(names).map(([value, name]) => ({ name, value: Number(value) }));

const filters: INodeProperties[] = [
	{
		displayName: 'Alert Types',
		name: 'alertTypes',
		type: 'multiOptions',
		options: choices(ALERT_TYPES),
		default: [],
		description:
			'What the alert is about, such as a file or a user. An alert without a type always passes.',
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
		description:
			'The whole name of the scan group, a group of hosts in Cynet, in upper or lower case',
	},
	{
		displayName: 'Severities',
		name: 'severities',
		type: 'multiOptions',
		options: choices(SEVERITIES),
		default: [],
		description:
			'The severity of the alert. An alert whose severity is missing or not one of these always passes.',
	},
	{
		displayName: 'Statuses',
		name: 'statuses',
		type: 'multiOptions',
		options: choices(STATUSES),
		default: [],
		description:
			'How far the work on the alert has come when it is emitted. An alert without a status always passes.',
	},
];

/** What both nodes ask the user for; `matches` takes what comes of it. */
export const alertFilters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	description: 'Only alerts that meet all of these are emitted',
	options: filters,
};
