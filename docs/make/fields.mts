import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { code, sentence, table } from './markdown.mts';

/** A table of what the editor shows: display name, default, meaning. The entries of a collection follow it. */
export function fields(properties: readonly INodeProperties[]): string {
	const rows = properties.filter(isShown).flatMap((property) => rowsOf(property));
	return table(['Field', 'Default', 'Meaning'], rows);
}

const isShown = ({ type }: INodeProperties): boolean => type !== 'hidden' && type !== 'notice';

const isCollection = ({ type }: INodeProperties): boolean => type === 'collection';

function rowsOf(property: INodeProperties, within = ''): string[][] {
	const name = `${within}${property.displayName}`;
	if (isCollection(property)) {
		const entries = (property.options as INodeProperties[]).flatMap((entry) =>
			rowsOf(entry, `${property.displayName} → `),
		);
		return property.description ? [[name, 'none', meaningOf(property)], ...entries] : entries;
	}
	// An entry of a collection that was not added is off, whatever it is once added.
	const preset =
		within !== '' && property.default === true ? 'off; adding it turns it on' : defaultOf(property);
	return [[name, preset, meaningOf(property)]];
}

function defaultOf({ default: preset, type, options, typeOptions }: INodeProperties): string {
	const nameOf = (value: unknown) =>
		(options as INodePropertyOptions[] | undefined)?.find((option) => option.value === value)
			?.name ?? String(value);
	if (type === 'resourceLocator') return 'empty';
	if (type === 'options') return nameOf(preset);
	if (type === 'multiOptions') return (preset as unknown[]).map(nameOf).join(', ') || 'none';
	if (type === 'boolean') return preset === true ? 'on' : 'off';
	if (preset === '' || typeOptions?.password) return 'empty';
	return typeof preset === 'number' ? String(preset) : code(String(preset));
}

function meaningOf(property: INodeProperties): string {
	const { description = '', options = [], type, typeOptions, modes = [], required } = property;
	const placeholder = property.placeholder ?? modes.at(-1)?.placeholder;
	const parts = [sentence(description)];
	if (type === 'options' || type === 'multiOptions')
		parts.push(choicesOf(options as INodePropertyOptions[]));
	const { minValue, maxValue } = typeOptions ?? {};
	if (minValue !== undefined)
		parts.push(
			maxValue === undefined ? `From ${minValue} up.` : `From ${minValue} to ${maxValue}.`,
		);
	if (placeholder?.startsWith('e.g. ')) parts.push(`For example ${code(placeholder.slice(5))}.`);
	if (required && defaultOf(property) === 'empty') parts.push('Required.');
	if (property.displayOptions?.show?.['@tool'])
		parts.push('Only where the node is a tool of an AI agent.');
	if (property.displayOptions?.hide?.['@tool'])
		parts.push('Not where the node is a tool of an AI agent.');
	return parts.filter((part) => part !== '').join(' ');
}

function choicesOf(options: readonly INodePropertyOptions[]): string {
	if (options.every(({ description }) => !description))
		return `One of: ${options.map(({ name }) => name).join(', ')}.`;
	return options
		.map(({ name, description }) => `*${name}*: ${sentence(lowered(description ?? ''))}`)
		.join(' ');
}

/** Goes on after a colon, unless it begins with a name. */
const lowered = (text: string): string =>
	/^[A-Z][a-z ]/.test(text) && !/^(ArcSight|Cynet|Elastic|Slack)/.test(text)
		? text[0]!.toLowerCase() + text.slice(1)
		: text;
