/** A table. Cells hold Markdown; a bar or a line break in one would end the cell. */
export function table(heads: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const line = (cells: readonly string[]) =>
		`| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
	return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text: string): string => `\`${text}\``;

/** Ends with a full stop, as a sentence in a table does. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
