import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { ALERT_TYPES, SEVERITIES, STATUSES } from './codes';

const choices = (names: Readonly<Record<number, string>>): INodePropertyOptions[] =>
	Object.entries(names).map(([value, name]) => ({ name, value: Number(value) }));

const filters: INodeProperties[] = [
	{
		displayName: 'Alert Name Contains',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. Malicious Binary',
		description: 'Text that the name of the alert contains, in upper or lower case',
	},
	{
		displayName: 'Alert Types',
		name: 'alertTypes',
		type: 'multiOptions',
		options: choices(ALERT_TYPES),
		default: [],
		description:
			'What the alert is about, such as a file or a user. Alerts without a type always match.',
	},
	{
		displayName: 'Host Name',
		name: 'hostName',
		type: 'string',
		default: '',
		placeholder: 'e.g. WS-0142',
		description: 'Whole name of the host, in upper or lower case',
	},
	{
		displayName: 'Scan Group',
		name: 'scanGroup',
		type: 'string',
		default: '',
		placeholder: 'e.g. Servers',
		description: 'Whole name of the scan group, a group of hosts in Cynet, in upper or lower case',
	},
	{
		displayName: 'Severities',
		name: 'severities',
		type: 'multiOptions',
		options: choices(SEVERITIES),
		default: [],
		description:
			'How severe the alert is. Alerts with no severity, or with one that has no name here, always match.',
	},
	{
		displayName: 'Statuses',
		name: 'statuses',
		type: 'multiOptions',
		options: choices(STATUSES),
		default: [],
		description: 'Status that the alert has when it is read. Alerts without a status always match.',
	},
];

/** What both nodes ask the user for; `matches` takes what comes of it. */
export const alertFilters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	description: 'Which alerts to return: only those that match all filters',
	options: filters,
};
