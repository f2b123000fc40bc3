/**
 * The part of Slack's Block Kit that the converter may write, put down by hand from
 * https://docs.slack.dev/reference/block-kit/blocks and its composition
 * objects: types, limits, and no attribute that is not listed.
 */
type Schema = Record<string, unknown>;

const object = (properties: Record<string, Schema>, required: string[]): Schema => ({
	type: 'object',
	properties,
	required,
	additionalProperties: false,
});
const text = (most: number): Schema => ({ type: 'string', minLength: 1, maxLength: most });
const plainText = (most: number): Schema =>
	object({ type: { const: 'plain_text' }, text: text(most), emoji: { type: 'boolean' } }, [
		'type',
		'text',
	]);
const mrkdwn = (most: number): Schema =>
	object({ type: { const: 'mrkdwn' }, text: text(most), verbatim: { const: true } }, [
		'type',
		'text',
		'verbatim',
	]);

const header = object({ type: { const: 'header' }, text: plainText(150) }, ['type', 'text']);
const section = object({ type: { const: 'section' }, text: mrkdwn(3000) }, ['type', 'text']);
const fields = object(
	{
		type: { const: 'section' },
		fields: { type: 'array', minItems: 1, maxItems: 10, items: mrkdwn(2000) },
	},
	['type', 'fields'],
);
const context = object(
	{
		type: { const: 'context' },
		elements: { type: 'array', minItems: 1, maxItems: 10, items: mrkdwn(3000) },
	},
	['type', 'elements'],
);

/** The text and blocks of a message. */
export const blockKit: Schema = {
	type: 'object',
	properties: {
		text: text(40_000),
		blocks: {
			type: 'array',
			minItems: 1,
			maxItems: 50,
			items: { oneOf: [header, section, fields, context] },
		},
	},
	required: ['text', 'blocks'],
};
