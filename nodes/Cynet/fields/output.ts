import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Call } from '../call';

const forTool = { '@tool': [true] };

/** How much an AI agent gets. Shown in the tool alone. */
export const output: readonly INodeProperties[] = [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		displayOptions: { show: forTool },
		options: [
			{ name: 'Raw', value: 'raw', description: 'All fields, as Cynet sends them' },
			{
				name: 'Selected Fields',
				value: 'selected',
				description: 'The fields that you name',
			},
			{
				name: 'Simplified',
				value: 'simplified',
				description: 'The ten most useful fields at most',
			},
		],
		default: 'simplified',
		description: 'How much of each result the AI agent gets',
	},
	{
		displayName: 'Fields',
		name: 'outputFields',
		type: 'string',
		displayOptions: { show: { ...forTool, output: ['selected'] } },
		default: '',
		required: true,
		placeholder: 'e.g. name, severity, host',
		description: 'Names of the fields, separated by commas',
	},
];

interface Output {
	/** Null outside a tool. */
	readonly chosen: 'raw' | 'selected' | 'simplified' | null;
	/** The results as the tool's Output has them; outside a tool as they are. */
	shape(results: readonly IDataObject[]): IDataObject[];
}

/**
 * What the tool's Output asks for.
 *
 * @param useful the fields of Simplified, with a space between two
 * @throws NodeOperationError where it is no choice, or Selected Fields names none
 */
export function outputOf(call: Call, useful: string): Output {
	const chosen = choiceOf(call);
	if (chosen === null || chosen === 'raw') return { chosen, shape: (results) => [...results] };
	const names = chosen === 'selected' ? namesOf(call) : useful.split(' ');
	return {
		chosen,
		shape: (results) =>
			results.map((result) => {
				const all = Object.keys(result);
				const kept = names.filter((name) => chosen === 'selected' || all.includes(name));
				return Object.fromEntries(
					kept.map((name) => [name, all.includes(name) ? (result[name] ?? null) : null]),
				);
			}),
	};
}

function choiceOf(call: Call): Output['chosen'] {
	const chosen = call.parameter('output', null);
	if (chosen === null || chosen === 'raw' || chosen === 'selected' || chosen === 'simplified')
		return chosen;
	throw call.refuse(
		`There is no output "${call.text('output')}"`,
		'Choose Simplified, Raw or Selected Fields under Output.',
	);
}

function namesOf(call: Call): string[] {
	const names = call
		.text('outputFields')
		.split(',')
		.map((name) => name.trim());
	const filled = names.filter((name) => name !== '');
	if (filled.length > 0) return filled;
	throw call.refuse(
		'"Fields" is empty',
		'Name the fields that the AI agent gets, separated by commas, for example name, severity, host.',
	);
}
