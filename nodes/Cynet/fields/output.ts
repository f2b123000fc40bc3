import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Call } from '../call';

const forTool = { '@tool': [true] };

/** How much of each result is returned: Simplify in a workflow, Output in the tool of an AI agent. */
export const output: readonly INodeProperties[] = [
	{
		displayName: 'Simplify',
		name: 'simple',
		type: 'boolean',
		displayOptions: { hide: forTool },
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
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
	/** Whether Cynet's own fields are not wanted. */
	readonly isSimple: boolean;
	/** Whether an AI agent asks. */
	readonly forAgent: boolean;
	/** A result as it is asked for. */
	shape(result: IDataObject): IDataObject;
}

/**
 * How much of each result is asked for.
 *
 * @param useful the fields of the simplified form, and those of the result that they are taken from
 * @throws NodeOperationError where it is no choice, or Selected Fields names none
 */
export function outputOf(call: Call, useful: Readonly<Record<string, string>>): Output {
	const forAgent = choiceOf(call);
	const chosen = forAgent ?? (call.flag('simple', 'Simplify') ? 'simplified' : 'raw');
	const names = chosen === 'selected' ? namesOf(call) : [];
	const shape = (result: IDataObject): IDataObject => {
		if (chosen === 'raw') return result;
		const simple = Object.fromEntries(
			Object.entries(useful).map(([name, from]) => [name, plain(result[from])]),
		);
		if (chosen === 'simplified') return simple;
		const all = new Map(Object.entries({ ...result, ...simple }));
		return Object.fromEntries(names.map((name) => [name, all.get(name) ?? null]));
	};
	return {
		isSimple: chosen !== 'raw',
		forAgent: forAgent !== null,
		shape,
	};
}

/** What Cynet did not say is null, and a flag that it wrote as a text is a flag. */
function plain(value: IDataObject[string]): IDataObject[string] {
	if (value === 'true') return true;
	return value === 'false' ? false : (value ?? null);
}

/** What the tool asks for; null outside it. */
function choiceOf(call: Call): 'raw' | 'selected' | 'simplified' | null {
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
