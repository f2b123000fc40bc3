import { NodeApiError, type IDataObject, type JsonObject } from 'n8n-workflow';
import { reasonOf } from '../../shared/api/errors';
import { fetchRemediation, remediationId, type RemediationId } from '../../shared/api/remediation';
import type { Call } from '../call';
import { optionsOf } from '../fields/options';
import type { Operation } from '../operation';

export const getRemediation: Operation = {
	name: 'Get Remediation',
	action: 'Get the status of a remediation',
	description: 'Get the status of one or several remediations',
	properties: [
		{
			displayName: 'Remediation ID',
			name: 'remediationId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 13592',
			description:
				'One or several of the remediationIds that an operation returned, separated by commas, or an expression that gives a list. Cynet does not publish what its status codes mean; statusInfo is its own text. A remediation can take up to 24 hours.',
		},
		optionsOf(),
	],
	run: async (call) => {
		const ids = idsOf(call);
		if (ids.length === 1) return [await fetchRemediation(call.context, ids[0]!, call.route)];
		const found: IDataObject[] = [];
		for (const id of ids) found.push(await statusOf(call, id));
		return found;
	},
};

/** Of several, one that Cynet does not know hides none of the others. */
async function statusOf(call: Call, id: RemediationId): Promise<IDataObject> {
	const answer = await call.attempt(
		async () => await fetchRemediation(call.context, id, call.route),
	);
	if ('value' in answer) return { found: true, ...answer.value };
	if (reasonOf(answer.error) === 'remediationMissing') return { found: false, id };
	const { error } = answer;
	throw new NodeApiError(call.context.getNode(), error as JsonObject);
}

/** @throws NodeOperationError for what is no list of ids, and for a number that has been rounded */
function idsOf(call: Call): RemediationId[] {
	const given = call.parameter('remediationId');
	const list = Array.isArray(given)
		? (given as unknown[])
		: typeof given === 'string'
			? given.replace(/^\s*\[|\]\s*$/g, '').split(',')
			: [given];
	const texts = list.filter((id) => String(id ?? '').trim() !== '');
	if (texts.length === 0)
		throw call.refuse(
			'"Remediation ID" is empty',
			'Fill in one of the remediationIds that an operation returned.',
		);
	const ids = texts.map(remediationId);
	if (ids.some((id) => id === null)) {
		throw call.refuse(
			'"Remediation ID" is not a whole number',
			'Fill in one or several of the remediationIds that an operation returned, for example 13592 or 13592, 13593. One of more than 15 digits must be text, or it is rounded.',
		);
	}
	return [...new Set(ids.filter((id) => id !== null))];
}
