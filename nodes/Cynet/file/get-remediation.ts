import { fetchRemediation } from '../../shared/api/remediation';
import { optionsOf } from '../fields/options';
import type { Operation } from '../operation';

export const getRemediation: Operation = {
	name: 'Get Remediation',
	action: 'Get the status of a remediation',
	description: 'Get what Cynet says of a remediation of a file',
	properties: [
		{
			displayName: 'Remediation ID',
			name: 'remediationId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 13592',
			description: 'One of the remediationIds of an operation on a file. Cynet does not publish what its status codes mean; statusInfo is its own text.',
		},
		optionsOf(),
	],
	run: async (call) => {
		const id = call.filled('remediationId', 'Remediation ID', 'Fill in one of the remediationIds that an operation on a file returned.');
		if (!/^\d{1,15}$/.test(id)) {
			throw call.refuse('"Remediation ID" is not a whole number', 'Fill in one of the remediationIds that an operation on a file returned, for example 13592.');
		}
		return [await fetchRemediation(call.context, Number(id), call.route)];
	},
};
