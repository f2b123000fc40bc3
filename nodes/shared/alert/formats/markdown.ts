import type { IDataObject } from 'n8n-workflow';
import { fitted, markdownBlock, markdownCode } from './harmless';
import { headline, item } from './headline';
import { CUT_MARK, MOST_OF_PAGE, pageOf, type Style } from './page';
import type { AlertRecord } from './record';

const STYLE: Style = {
	fact: (label, value) => `- **${label}:** ${markdownCode(value)}\n`,
	more: (name, value) => `- ${markdownCode(name)}: ${markdownCode(value)}\n`,
	facts: ['', ''],
	others: ['\n## More\n\n', ''],
	long: (label, text, most) => {
		const heading = `\n## ${label}\n\n`;
		const room = most - heading.length - 1;
		const section = (length: number): string =>
			`${heading}${markdownBlock(fitted(text, length, String, CUT_MARK))}\n`;
		// The fences are longer than any run of backticks in the text: at worst, each is as long as the text.
		const wide = section(room - 8);
		return wide.length <= most ? wide : section(Math.floor(room / 3) - 4);
	},
	cut: '\n[cut]\n',
};

/**
 * A page of Markdown (CommonMark, GitHub's too), and a title for a ticket. Whatever comes from the
 * alert is written as code: what an attacker
 * chose, such as the name of a file, is neither a link nor an image, a mention or markup.
 */
export function markdown(alert: AlertRecord, most = MOST_OF_PAGE): IDataObject {
	const heading = `# ${markdownCode(headline(alert))}\n\n`;
	return item(alert, { markdown: `${heading}${pageOf(alert, STYLE, most - heading.length)}` });
}
