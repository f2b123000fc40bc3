import type { IDataObject } from 'n8n-workflow';
import { block, cut, fitted, line, slackCode, slackLine } from './harmless';
import { headline, item, LABELS, LONG } from './headline';
import type { AlertRecord } from './record';
import { asText, isEmpty } from './values';

/**
 * What Slack takes of one message (https://docs.slack.dev/reference/block-kit/blocks): 50 blocks,
 * 150 characters in a header, 3,000 in a
 * section, 10 fields of 2,000; and about 13,200 in all blocks as JSON, which is what the smaller figures here are for.
 */
const FIELD = 200;
const FIELDS_IN_SECTION = 10;
const CONTEXT = 300;

/** How much of each long text; together with header, fields and context they stay below 13,000 characters of JSON. */
const SECTIONS: Readonly<Record<string, number>> = {
	recommendation: 1200,
	commandLine: 1200,
	description: 2400,
};

const IN_CONTEXT = ['clientId', 'id', 'event', 'dedupKey'];
/** The title tells it. */
const IN_HEADER = ['name'];

/**
 * A message of Slack's Block Kit, and its text for notifications. It is a summary: what is long is
 * cut, and details are left out. Whatever
 * comes from the alert is code: it is no link, mention, channel, picture or markup, and begins no line of its own.
 */
export function slack(alert: AlertRecord): IDataObject {
	const { simple } = alert;
	const title = headline(alert);
	const isSaid = ([, field]: readonly [string, string]): boolean =>
		!isEmpty(simple[field]) && asText(simple[field]).trim() !== '';
	const known = LABELS.filter(
		([label, field]) => !IN_HEADER.includes(field) && isSaid([label, field]),
	);
	const fields = known.filter(([, field]) => !IN_CONTEXT.includes(field));
	const context = known.filter(([, field]) => IN_CONTEXT.includes(field));
	const long = LONG.filter(isSaid);
	const value = (field: string, most: number): string =>
		`\`${coded(line(cut(asText(simple[field]), 4 * most)), most)}\``;
	const blocks = [
		{ type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
		...chunks(fields, FIELDS_IN_SECTION).map((chunk) => ({
			type: 'section',
			fields: chunk.map(([label, field]) => plain(`*${label}*\n${value(field, FIELD)}`)),
		})),
		...long.map(([label, field]) => ({
			type: 'section',
			text: plain(
				`*${label}*\n\`\`\`\n${coded(block(cut(String(simple[field]), 6000)), SECTIONS[field] as number)}\n\`\`\``,
			),
		})),
		...(context.length > 0
			? [
					{
						type: 'context',
						elements: [
							plain(
								context
									.map(([label, field]) => `${label} ${value(field, CONTEXT / context.length)}`)
									.join(' · '),
							),
						],
					},
				]
			: []),
	];
	return item(alert, { text: slackLine(title), blocks } as IDataObject);
}

/** `verbatim` keeps Slack from making links of addresses. */
const plain = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });

/** What is at most so long as JSON; never a part of a character or of an escape. */
const coded = (text: string, most: number): string =>
	fitted(text, most, slackCode, '…', (piece) => JSON.stringify(piece).length - 2);

function chunks<T>(list: readonly T[], size: number): T[][] {
	return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
		list.slice(index * size, (index + 1) * size),
	);
}
