import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { isRawAlert, type RawAlert } from '../../shared/alert/identity';
import { withoutCommandLines, withoutGraphs } from '../../shared/alert/leave-out';
import { limited } from '../../shared/alert/limits';
import { takeTurns } from '../../shared/in-turns';
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
const dropCommandLines: INodeProperties = {
	displayName: 'Drop Command Lines',
	name: 'dropCommandLines',
	type: 'boolean',
	default: true,
	description:
		'Whether to leave out the command lines of all processes, which may hold passwords. The graphs are left out with them.',
};
const includeGraphs: INodeProperties = {
	displayName: 'Include Graphs',
	name: 'includeGraphs',
	type: 'boolean',
	default: true,
	description: 'Whether to keep the graphs of a raw alert, which can be megabytes of JSON',
};

const mostCharacters: INodeProperties = {
	displayName: 'Most Characters',
	name: 'mostCharacters',
	type: 'number',
	typeOptions: { minValue: LEAST_CHARACTERS, numberPrecision: 0 },
	default: 30_000,
	description:
		'How long the text may be in HTML, LEEF, Markdown and Text: ServiceNow takes 4,000 characters, Jira 32,767. What has no room is left out from the end, long texts first, and the text says so.',
};

export const convert: Operation = {
	name: 'Convert',
	action: 'Convert an alert',
	description: 'Bring an alert into another format, without asking Cynet',
	properties: [
		{
			displayName: 'Alert',
			name: 'alert',
			type: 'json',
			default: '={{ $json }}',
			required: true,
			description:
				'An alert as Cynet sends it or as Cynet Trigger returns it; the whole item unless you say otherwise',
		},
		{
			displayName: 'Format',
			name: 'format',
			type: 'options',
			options: formats,
			default: 'simplified',
			description: 'What to make of the alert',
		},
		optionsOf(dropCommandLines, includeGraphs, mostCharacters),
	],
	run: async (call) => {
		await takeTurns();
		const given = alertOf(call);
		const within = limited(given);
		if (within !== given) call.execution.noteCut(call.context);
		const alert = leftOut(call, within);
		const format = lookUp(FORMATS, call.parameter('format'));
		if (!format)
			throw call.refuse(
				`There is no format "${call.text('format')}"`,
				`Choose a format from the list, or let the expression give one of: ${Object.keys(FORMATS).join(', ')}.`,
			);
		const most = SIZED.includes(call.text('format')) ? mostOf(call) : undefined;
		if (!MARKS_OF_SIMPLIFIED.every((key) => key in alert))
			return [format.ofRaw(alert, contextOf(alert, await call.site()), most)];
		if (format.ofSimplified)
			return [format.ofSimplified(alert, contextOfSimplified(alert, await call.site()), most)];
		throw call.refuse(
			'The alert is simplified, and its other fields are gone',
			'Turn off Simplify in the node that the alert comes from, so that it hands over the raw alert.',
		);
	},
};

function mostOf(call: Call): number | undefined {
	if (!call.hasOption('mostCharacters')) return undefined;
	const most = call.option('mostCharacters');
	if (typeof most === 'number' && Number.isInteger(most) && most >= LEAST_CHARACTERS) return most;
	throw call.refuse(
		'"Most Characters" is not a whole number from 100 up',
		'Set the option Most Characters to what the target takes, for example 4000, or take it out.',
	);
}

function leftOut(call: Call, alert: RawAlert): RawAlert {
	const kept = call.optionFlag('includeGraphs', 'Include Graphs') ? alert : withoutGraphs(alert);
	return call.guard('dropCommandLines') ? withoutCommandLines(kept) : kept;
}

function alertOf(call: Call): RawAlert {
	const alert = parsed(call.parameter('alert'));
	if (isRawAlert(alert) && [...MARKS_OF_RAW, ...MARKS_OF_SIMPLIFIED].some((key) => key in alert))
		return alert;
	throw call.refuse(
		'"Alert" is not an alert of Cynet',
		'Connect Cynet Trigger or Get Many of the resource Alert before this node, or let Alert point to where the item holds the alert, for example {{ $json.body }}.',
	);
}

function parsed(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	try {
		return JSON.parse(value) as unknown;
	} catch {
		return null;
	}
}
