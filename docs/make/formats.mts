import { contextOf } from '../../nodes/Cynet/alert/context.ts';
import { FORMATS, SIZED } from '../../nodes/Cynet/alert/formats.ts';
import { withoutGraphs } from '../../nodes/shared/alert/leave-out.ts';
import type { RawAlert } from '../../nodes/shared/alert/identity.ts';
import { makeAlert } from '../../simulator/data/alert.mts';
import { makeInventory } from '../../simulator/data/inventory.mts';
import { code, sentence, table } from './markdown.mts';

const SITE = '2251997';
const DAY = Date.UTC(2026, 4, 29);

/** An alert of the simulator, the same at each run; of the item in docs/trigger.md. */
const example: RawAlert = makeAlert(
	7,
	SITE,
	62,
	{ createdAt: DAY, lastSeen: DAY, dateChanged: DAY, status: 0 },
	makeInventory(7, SITE),
);
const context = { ...contextOf(example, SITE), event: 'created' } as const;

const inOrder = Object.entries(FORMATS).sort(([, one], [, other]) =>
	one.name.localeCompare(other.name),
);
const outputOf = (value: string): Record<string, unknown> =>
	FORMATS[value]!.ofRaw(withoutGraphs(example), context);

/** Beside a format's own fields. */
const COMPANIONS = ['title', 'dedupKey', 'severity', 'severityLevel'];

/** Each format in a line. */
export function formatsAtAGlance(): string {
	const rows = inOrder.map(([value, { name, description, ofSimplified }]) => {
		const output = outputOf(value);
		const own =
			COMPANIONS.every((field) => field in output) && 'title' in output
				? Object.keys(output)
						.filter((field) => !COMPANIONS.includes(field))
						.map(code)
						.join(', ')
				: 'The item is the document';
		return [
			name,
			code(value),
			sentence(description),
			own,
			ofSimplified ? 'Yes' : 'No',
			SIZED.includes(value) ? 'Yes' : 'No',
		];
	});
	return table(
		['Format', 'Value', 'What it is', 'Own fields', 'Of a simplified alert', 'Max Characters'],
		rows,
	);
}

const MOST = 6000;

/** The same alert in every format. */
export function formatsAtWork(): string {
	return inOrder
		.map(([value, { name }]) => `### ${name}\n\n${blocksOf(outputOf(value))}`)
		.join('\n\n');
}

/** Texts as they are, all else as JSON. */
function blocksOf(output: Record<string, unknown>): string {
	const [field, value] =
		Object.entries(output).find(
			([name, one]) =>
				!COMPANIONS.includes(name) &&
				'title' in output &&
				name !== 'blocks' &&
				(typeof one === 'object' || String(one).length > 100),
		) ?? [];
	if (typeof value === 'string') return `${code(field!)}:\n\n${fenced(value)}`;
	return fenced(JSON.stringify(value ?? output, null, 2), 'json', field);
}

function fenced(text: string, language = 'text', field?: string): string {
	const shown = text.length > MOST ? `${text.slice(0, MOST)}\n…` : text;
	return `${field ? `${code(field)}:\n\n` : ''}\`\`\`\`${language}\n${shown.trimEnd()}\n\`\`\`\``;
}
