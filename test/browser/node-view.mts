import type { Locator, Page } from 'playwright-core';

/** A node that is open: what comes in, its fields, what comes out. */
export class NodeView {
	constructor(private readonly page: Page) {}

	async open(name: string): Promise<void> {
		await this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
		await this.page.getByTestId('ndv').waitFor();
	}

	async close(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.page.getByTestId('ndv').waitFor({ state: 'hidden' });
	}

	async fill(field: string, text: string): Promise<void> {
		await this.field(field).locator('input, textarea').first().fill(text);
	}

	/** Enters the value of a field that has a list as well, by what n8n calls the other way. */
	async enter(field: string, by: string, text: string): Promise<void> {
		const locator = this.page.getByTestId(`resource-locator-${field}`);
		await locator.getByTestId('rlc-mode-selector').click();
		await this.page.getByRole('option', { name: by, exact: true }).click();
		await locator
			.getByTestId('rlc-input')
			.locator('input')
			.or(locator.locator('input'))
			.last()
			.fill(text);
	}

	/** Chooses from the list of a field: types what to search for, and takes the entry of that name. */
	async pick(field: string, typed: string, wanted: string): Promise<void> {
		await this.openList(field, typed);
		await this.page.getByTestId('rlc-item').filter({ hasText: wanted }).first().click();
	}

	/** What the list of a field holds for what is typed. */
	async search(field: string, typed: string): Promise<string[]> {
		await this.openList(field, typed);
		const items = this.page.getByTestId('rlc-item');
		await items.first().waitFor();
		// What was listed for less is replaced once the answer is there.
		await this.page.waitForFunction(
			(wanted) =>
				[...document.querySelectorAll('[data-test-id="rlc-item"]')].every((item) =>
					item.textContent?.toLowerCase().includes(wanted),
				),
			typed.toLowerCase(),
		);
		const names = (await items.allInnerTexts()).map((name) => name.trim());
		await this.page.keyboard.press('Escape');
		return names;
	}

	private async openList(field: string, typed: string): Promise<void> {
		await this.page
			.getByTestId(`resource-locator-${field}`)
			.getByTestId('rlc-input-container')
			.click();
		await this.page
			.getByTestId('rlc-search')
			.locator('input')
			.or(this.page.locator('input[data-test-id="rlc-search"]'))
			.first()
			.fill(typed);
	}

	async choose(field: string, option: string): Promise<void> {
		await this.field(field).click();
		const wanted = this.page
			.getByTestId('parameter-input-item')
			.filter({ visible: true })
			.filter({ has: this.page.getByText(option, { exact: true }) });
		await wanted.click();
		await wanted.waitFor({ state: 'hidden' });
	}

	/** What Options offers. */
	async options(): Promise<string[]> {
		await this.parameters.getByPlaceholder('Add option').click();
		const offered = this.page.locator('.el-select-dropdown__item').filter({ visible: true });
		await offered.first().waitFor();
		const names = (await offered.allInnerTexts()).map((name) => name.trim());
		await this.page.keyboard.press('Escape');
		return names;
	}

	/**
	 * Runs the node and returns what it puts out, as text, once this word is in it. What the run
	 * before put out must not hold that word.
	 */
	async run(expected: string, timeout?: number): Promise<string> {
		await this.execute();
		await this.output
			.getByText(expected, { exact: true })
			.filter({ visible: true })
			.first()
			.waitFor({ timeout })
			.catch(async () => {
				throw new Error(
					`The node did not put out "${expected}" but: ${await this.output.innerText()}`,
				);
			});
		return await this.output.innerText();
	}

	/** Runs the node and returns its error: what happened, and what to do. */
	async fail(): Promise<string> {
		await this.execute();
		await this.output.getByTestId('node-error-message').waitFor();
		return `${await this.output.getByTestId('node-error-message').innerText()}. ${await this.output.getByTestId('node-error-description').innerText()}`;
	}

	/** The values that come out, by the names of their fields; of the first item. */
	async shown(): Promise<Record<string, string>> {
		await this.output.getByTestId('radio-button-schema').click();
		await this.output.getByTestId('run-data-schema-item').first().waitFor();
		const items = await this.output
			.getByTestId('run-data-schema-item')
			.evaluateAll((rows) =>
				rows.map((row) =>
					['node-name', 'item-value'].map(
						(part) =>
							row.querySelector(`[data-test-id="run-data-schema-${part}"]`)?.textContent?.trim() ??
							'',
					),
				),
			);
		return Object.fromEntries(items) as Record<string, string>;
	}

	/** Drags a field from what comes in to the fields to set, and returns what its expression comes to. */
	async map(field: string): Promise<{ expression: string; value: string }> {
		const added = await this.drag(field);
		await added.getByTestId('parameter-input-hint').filter({ hasText: /\S/ }).waitFor();
		return {
			expression: await expressionIn(added),
			value: plain(await added.getByTestId('parameter-input-hint').innerText()),
		};
	}

	/** As `map`, of a field of which there is no value yet; returns the expression. */
	async mapUnseen(field: string): Promise<string> {
		return await expressionIn(await this.drag(field));
	}

	private async drag(field: string): Promise<Locator> {
		const set = this.page.getByTestId('assignment');
		const before = await set.count();
		await this.comingIn.getByText(field, { exact: true }).hover();
		await this.page.mouse.down();
		await this.page.getByTestId('drop-area').hover();
		await this.page.mouse.up();
		const added = set.nth(before);
		await added.waitFor();
		return added;
	}

	/** The names of the fields that come in. */
	async incoming(): Promise<string[]> {
		return (await this.comingIn.allInnerTexts()).map((name) => name.trim());
	}

	private get comingIn(): Locator {
		return this.page.getByTestId('ndv-input-panel').getByTestId('run-data-schema-node-name');
	}

	/** What the node says beside what it puts out. */
	async hint(): Promise<string> {
		const hint = this.output.getByTestId('node-hint').first();
		await hint.waitFor();
		return plain(await hint.innerText()).trim();
	}

	/** What is written in the fields. */
	async text(): Promise<string> {
		return await this.parameters.innerText();
	}

	/** Runs the node. While it runs the same button stops it: that one is not meant. */
	async execute(): Promise<void> {
		await this.parameters
			.getByTestId('node-execute-button')
			.filter({ hasText: /Fetch Test Event|Execute step/ })
			.click();
	}

	private get parameters(): Locator {
		return this.page.getByTestId('ndv').locator('.node-settings');
	}

	private get output(): Locator {
		return this.page.getByTestId('output-panel');
	}

	private field(name: string): Locator {
		return this.page.getByTestId('ndv').getByTestId(`parameter-input-${name}`);
	}
}

const expressionIn = async (assignment: Locator): Promise<string> =>
	plain(await assignment.getByTestId('inline-expression-editor-input').innerText());

/** The editor writes some blanks as ones that do not break. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
