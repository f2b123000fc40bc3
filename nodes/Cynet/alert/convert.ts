import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { isRawAlert, type RawAlert } from '../../shared/alert/identity';
import { jsonIn } from '../../shared/alert/json';
import { withoutCommandLines, withoutGraphs } from '../../shared/alert/leave-out';
import { limited } from '../../shared/alert/limits';
import { takeTurns } from '../../shared/in-turns';
import { text } from '../../shared/alert/simplify';
import type { Call } from '../call';
import { alphabetical } from '../fields/alphabetical';
import { optionsOf } from '../fields/options';
import { lookUp, type Operation } from '../operation';
import { contextOf, contextOfSimplified } from './context';
import { FORMATS, SIZED } from './formats';

const formats: INodePropertyOptions[] = alphabetical(
	Object.entries(FORMATS).map(([value, { name, description }]) => ({ name, value, description })),
	({ name }) => name,
);

/** One of these makes an object an alert of Cynet's; no field is certain. */
const MARKS_OF_RAW = ['ClientDbId', 'Uniqueness', 'IncidentName'];
const MARKS_OF_SIMPLIFIED = ['dedupKey', 'severityLevel'];

/** A title and the most important facts have room in it. */
const LEAST_CHARACTERS = 100;

/** Entries of Options. */
const excludeCommandLines: INodeProperties = {
	displayName: 'Exclude Command Lines',
	name: 'excludeCommandLines',
	type: 'boolean',
	default: true,
	description:
		'Whether to leave out the command lines of all processes, which may hold passwords. Leaves out the graphs as well.',
};
const includeGraphs: INodeProperties = {
	displayName: 'Include Graphs',
	name: 'includeGraphs',
	type: 'boolean',
	default: true,
	description: 'Whether to keep the graphs of a raw alert, which can be megabytes of JSON',
};

const maxCharacters: INodeProperties = {
	displayName: 'Max Characters',
	name: 'maxCharacters',
	type: 'number',
	default: 30_000,
	description:
		'Max length of the text in HTML, LEEF, Markdown and Text, from 100 up. ServiceNow takes 4,000 characters, Jira 32,767. What does not fit is left out from the end, long texts first, and the text says so.',
};

export const convert: Operation = {
	name: 'Convert',
	action: 'Convert an alert',
	description: 'Convert an alert to another format, without a request to Cynet',
	properties: [
		{
			displayName: 'Alert',
			name: 'alert',
			type: 'json',
			default: '={{ $json }}',
			required: true,
			description:
				'The alert to convert, as Cynet sends it or as Cynet Trigger emits it. By default the whole item.',
		},
		{
			displayName: 'Output Format',
			name: 'format',
			type: 'options',
			options: formats,
			default: 'simplified',
			description: 'Which format to convert the alert to',
		},
		optionsOf(excludeCommandLines, includeGraphs, maxCharacters),
	],
	run: async (call) => {
		await takeTurns();
		const given = alertOf(call);
		const within = limited(given);
		if (within !== given) call.execution.hints.count('alertCut');
		const alert = leftOut(call, within);
		const format = lookUp(FORMATS, call.parameter('format'));
		if (!format)
			throw call.refuse(
				`There is no format "${call.text('format')}"`,
				`Choose one from the list of Output Format, or let the expression give one of: ${Object.keys(FORMATS).join(', ')}.`,
			);
		const most = SIZED.includes(call.text('format')) ? mostOf(call) : undefined;
		if (!MARKS_OF_SIMPLIFIED.every((key) => key in alert))
			return [format.ofRaw(alert, contextOf(alert, siteOf(call, alert)), most)];
		if (format.ofSimplified)
			return [format.ofSimplified(alert, contextOfSimplified(alert, siteOf(call, alert)), most)];
		throw call.refuse(
			'The alert is simplified, and its other fields are gone',
			'Turn off Simplify in the node that the alert comes from, so that it returns the raw alert.',
		);
	},
};

/** The site of an alert that does not name its own. There is no credential to take it from. */
function siteOf(call: Call, alert: RawAlert): string {
	const { clientId } = call.route;
	const named = text((isRawAlert(alert.cynet) ? alert.cynet : alert).clientId);
	if (clientId === undefined && named === null) call.execution.hints.count('noSite');
	return clientId ?? '';
}

function mostOf(call: Call): number | undefined {
	if (!call.hasOption('maxCharacters')) return undefined;
	const most = call.option('maxCharacters');
	if (typeof most === 'number' && Number.isInteger(most) && most >= LEAST_CHARACTERS) return most;
	throw call.refuse(
		'"Max Characters" is not a whole number from 100 up',
		'Set the option Max Characters to what the target takes, for example 4000, or take it out.',
	);
}

function leftOut(call: Call, alert: RawAlert): RawAlert {
	const kept = call.optionFlag('includeGraphs', 'Include Graphs') ? alert : withoutGraphs(alert);
	return call.guard('excludeCommandLines') ? withoutCommandLines(kept) : kept;
}

function alertOf(call: Call): RawAlert {
	const given = call.parameter('alert');
	const alert = typeof given === 'string' ? jsonIn(given) : given;
	if (isRawAlert(alert) && [...MARKS_OF_RAW, ...MARKS_OF_SIMPLIFIED].some((key) => key in alert))
		return alert;
	throw call.refuse(
		'"Alert" is not an alert of Cynet',
		'Connect Cynet Trigger or Get Many of the resource Alert before this node, or let Alert point to where the item holds the alert, for example {{ $json.body }}.',
	);
}
