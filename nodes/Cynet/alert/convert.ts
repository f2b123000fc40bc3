import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { bounded, MOST_LEVELS } from '../../shared/alert/depth';
import { isRawAlert, type RawAlert } from '../../shared/alert/identity';
import { withoutCommandLines, withoutGraphs } from '../../shared/alert/leave-out';
import type { Call } from '../call';
import { alphabetical } from '../fields/alphabetical';
import { optionsOf } from '../fields/options';
import { lookUp, type Operation } from '../operation';
import { contextOf, contextOfSimplified } from './context';
import { FORMATS } from './formats';

const formats: INodePropertyOptions[] = alphabetical(
	Object.entries(FORMATS).map(([value, { name, description }]) => ({ name, value, description })),
	({ name }) => name,
);

/** One of these makes an object an alert of Cynet's; no field is certain. */
const MARKS_OF_RAW = ['ClientDbId', 'Uniqueness', 'IncidentName'];
const MARKS_OF_SIMPLIFIED = ['dedupKey', 'severityLevel'];

/** Entries of Options. */
const dropCommandLines: INodeProperties = {
	displayName: 'Drop Command Lines',
	name: 'dropCommandLines',
	type: 'boolean',
	default: true,
	description: 'Whether to leave out the command lines of all processes, which may hold passwords. The graphs are left out with them.',
};
const includeGraphs: INodeProperties = {
	displayName: 'Include Graphs',
	name: 'includeGraphs',
	type: 'boolean',
	default: true,
	description: 'Whether to keep the graphs of a raw alert, which can be megabytes of JSON',
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
			description: 'An alert as Cynet sends it or as Cynet Trigger returns it; the whole item unless you say otherwise',
		},
		{
			displayName: 'Format',
			name: 'format',
			type: 'options',
			options: formats,
			default: 'simplified',
			description: 'What to make of the alert',
		},
		optionsOf(dropCommandLines, includeGraphs),
	],
	run: async (call) => {
		// One level more than an item of the trigger has, for what it adds.
		const alert = leftOut(call, bounded(alertOf(call), MOST_LEVELS + 1));
		const format = lookUp(FORMATS, call.parameter('format'));
		if (!format) throw call.refuse(`There is no format "${call.text('format')}"`, `Choose a format from the list, or let the expression give one of: ${Object.keys(FORMATS).join(', ')}.`);
		if (!MARKS_OF_SIMPLIFIED.every((key) => key in alert)) return [format.ofRaw(alert, contextOf(alert, await call.site()))];
		if (format.ofSimplified) return [format.ofSimplified(alert, contextOfSimplified(alert, await call.site()))];
		throw call.refuse('The alert is simplified, and its other fields are gone', 'Turn off Simplify in the node that the alert comes from, so that it hands over the raw alert.');
	},
};

function leftOut(call: Call, alert: RawAlert): RawAlert {
	const kept = call.optionFlag('includeGraphs', 'Include Graphs') ? alert : withoutGraphs(alert);
	return call.guard('dropCommandLines') ? withoutCommandLines(kept) : kept;
}

function alertOf(call: Call): RawAlert {
	const alert = parsed(call.parameter('alert'));
	if (isRawAlert(alert) && [...MARKS_OF_RAW, ...MARKS_OF_SIMPLIFIED].some((key) => key in alert)) return alert;
	throw call.refuse('"Alert" is not an alert of Cynet', 'Connect Cynet Trigger or Get Many of the resource Alert before this node, or let Alert point to where the item holds the alert, for example {{ $json.body }}.');
}

function parsed(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	try {
		return JSON.parse(value) as unknown;
	} catch {
		return null;
	}
}
