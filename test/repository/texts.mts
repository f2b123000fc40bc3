import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { readCode } from '../../docs/make/errors/code.mts';
import { HINT_WORDS } from '../../docs/make/errors/hints.mts';
import { LOG } from '../../docs/make/errors/log.mts';
import { CynetApi } from '../../credentials/CynetApi.credentials.ts';
import { Cynet } from '../../nodes/Cynet/Cynet.node.ts';
import { FATES } from '../../nodes/Cynet/remediation/fates.ts';
import { CynetTrigger } from '../../nodes/CynetTrigger/CynetTrigger.node.ts';
import { REASONS } from '../../nodes/shared/api/reasons.ts';

/** A field that the editor shows, or one of its choices, with what stands above it. */
interface Shown {
	readonly where: string;
	readonly field: INodeProperties;
	/** Set for a choice. */
	readonly choice?: INodePropertyOptions;
}

const OWNERS: ReadonlyArray<readonly [name: string, properties: readonly INodeProperties[]]> = [
	['Cynet API', new CynetApi().properties],
	['Cynet Trigger', new CynetTrigger().description.properties],
	['Cynet', new Cynet().description.properties],
];

/** Every field and every choice of both nodes and the credential, entries of collections included. */
export const SHOWN: readonly Shown[] = OWNERS.flatMap(([name, properties]) =>
	properties.flatMap((property) => below(property, name)),
);

function below(field: INodeProperties, above: string): Shown[] {
	if (field.type === 'hidden') return [];
	const { resource, operation } = field.displayOptions?.show ?? {};
	const where = [above, resource, operation, field.displayName].filter(Boolean).join(' › ');
	const options = field.options ?? [];
	if (field.type === 'collection')
		return [
			{ where, field },
			...(options as INodeProperties[]).flatMap((entry) => below(entry, where)),
		];
	return [
		{ where, field },
		...(options as INodePropertyOptions[]).map((choice) => ({
			where: `${where}: ${choice.name}`,
			field,
			choice,
		})),
	];
}

/** What an empty list of a field says. */
const listsOf = ({ modes = [] }: INodeProperties): string[] =>
	modes.filter(({ type }) => type === 'list').map(({ placeholder = '' }) => placeholder);

/** What they say, and what n8n's list says of the nodes. */
export const TEXTS: ReadonlyArray<{ readonly where: string; readonly text: string }> = [
	...[new CynetTrigger(), new Cynet()].map(({ description }) => ({
		where: description.displayName,
		text: [
			description.description,
			description.activationMessage ?? '',
			description.builderHint?.searchHint ?? '',
			...(description.builderHint?.relatedNodes ?? []).map(({ relationHint }) => relationHint),
			...(description.hints ?? []).map(({ message }) => message),
		].join('\n'),
	})),
	...SHOWN.map(({ where, field, choice }) => ({
		where,
		text: choice
			? `${choice.name}\n${choice.description ?? ''}\n${choice.action ?? ''}`
			: [field.displayName, field.description ?? '', ...listsOf(field)].join('\n'),
	})),
];

/** What errors and the log say: all that the catalogue explains. What is filled in stands as `‹its name›`. */
export const SAID: readonly string[] = [
	...Object.values(REASONS).flatMap(({ message, description }) => [message, description]),
	...readCode().refusals.flatMap(({ text, remedy }) => [text, remedy]),
	...readCode().logLines,
	...Object.values(FATES),
	...Object.values(HINT_WORDS).map(({ text }) => text),
	...[...LOG.values()].map(({ text }) => text),
];
