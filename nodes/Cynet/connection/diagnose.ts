import type { IDataObject } from 'n8n-workflow';
import { CREDENTIAL_TYPE, flawOf } from '../../shared/api/credential';
import { unsent } from '../../shared/api/diagnosis';
import { apiError } from '../../shared/api/errors';
import { pause } from '../../shared/api/pause';
import { diagnoseServer } from '../../shared/diagnose/diagnose';
import type { DiagnoseOptions } from '../../shared/diagnose/step';
import type { Call } from '../call';
import { optionsOf } from '../fields/options';
import type { Operation } from '../operation';

const WATCH_MINUTES = 30;
const MOST_REMEDIATIONS = 5;

export const diagnose: Operation = {
	name: 'Diagnose',
	action: 'Diagnose the connection',
	description:
		'Find out how your Cynet server answers, with verdicts in plain words, settings to change and a report to share. Runs once, for the first item.',
	properties: [
		{
			displayName:
				'It only reads: up to 60 requests, one a second, with both kinds of login. It asks lists of alerts, hosts and users, one host, one user and one file, and what does not exist. It ends at the first answer with status 429. A login ends the token before it, so other programs with the same keys log in again. The report holds no data of yours: numbers, public names and months only.',
			name: 'plan',
			type: 'notice',
			default: '',
		},
		optionsOf(
			{
				displayName: 'Foreign Client ID',
				name: 'foreignClientId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 1',
				description:
					'A Client ID that is not yours, to see how it is answered. One request. Nothing of the answer is kept.',
			},
			{
				displayName: 'Life of the Token',
				name: 'tokenLife',
				type: 'boolean',
				default: true,
				description:
					'Whether to find out how long a token lives, used and unused. Takes up to three hours, so the execution must be allowed to run that long.',
			},
			{
				displayName: 'Remediation IDs',
				name: 'remediationIds',
				type: 'string',
				default: '',
				placeholder: 'e.g. 13592,13593',
				description:
					'Numbers of remediations whose statuses to look up, separated by commas. The first five count.',
			},
			{
				displayName: 'Site GUID',
				name: 'siteGuid',
				type: 'string',
				default: '',
				placeholder: 'e.g. 0f8fad5b-d9cb-469f-a165-70867728950e',
				description:
					'The identifier of the site in the form of a GUID, to look at the two lists of ESPM as well, an add-on of Cynet for the weak spots of endpoints. They are asked by POST, which reads as well.',
			},
			{
				displayName: 'Watch for 30 Minutes',
				name: 'watch',
				type: 'boolean',
				default: true,
				description:
					'Whether to look at the list of alerts for half an hour: how late alerts show up, and what a recurrence moves',
			},
		),
	],
	run: async (call) => {
		if (call.itemIndex > 0) return [];
		const options = diagnoseOptions(call);
		const { context, itemIndex } = call;
		const stored = await context.getCredentials(CREDENTIAL_TYPE, itemIndex);
		const clientId = await call.site();
		const credential = { ...stored, clientId };
		const flaw = flawOf(credential);
		if (flaw !== null) throw apiError(context.getNode(), unsent(flaw));
		const diagnosed = await diagnoseServer(
			{
				send: async (request) => (await context.helpers.httpRequest(request)) as unknown,
				pause: async (milliseconds) => await pause(context, milliseconds),
			},
			credential,
			options,
			(question, asked) =>
				context.logger.info(`Cynet: Diagnosis, after ${asked} of at most 60 requests: ${question}`),
		);
		return [{ ...diagnosed } as unknown as IDataObject];
	},
};

function diagnoseOptions(call: Call): DiagnoseOptions {
	const text = (name: string): string | undefined => {
		const value = call.option(name);
		const said = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
		return said === '' ? undefined : said;
	};
	const siteGuid = text('siteGuid');
	if (siteGuid !== undefined && !/^[\w-]{1,100}$/.test(siteGuid)) {
		throw call.refuse(
			'"Site GUID" holds characters that no GUID has',
			'A GUID is made of letters, digits and hyphens, for example 0f8fad5b-d9cb-469f-a165-70867728950e.',
		);
	}
	const foreignClientId = text('foreignClientId');
	if (foreignClientId !== undefined && !/^[\x21-\x7e]+$/.test(foreignClientId)) {
		throw call.refuse(
			'"Foreign Client ID" holds characters that no Client ID has',
			'Fill in a number such as 1, or take the option out.',
		);
	}
	const remediationIds = (text('remediationIds') ?? '')
		.split(',')
		.map((id) => id.trim())
		.filter((id) => id !== '');
	if (remediationIds.some((id) => !/^-?\d{1,20}$/.test(id))) {
		throw call.refuse(
			'"Remediation IDs" holds something other than whole numbers',
			'Write the numbers with commas between them, for example 13592,13593, or take the option out.',
		);
	}
	return {
		foreignClientId,
		siteGuid,
		remediationIds: remediationIds.slice(0, MOST_REMEDIATIONS),
		watchMinutes: call.optionFlag('watch', 'Watch for 30 Minutes') ? WATCH_MINUTES : 0,
		tokenLife: call.optionFlag('tokenLife', 'Life of the Token'),
	};
}
