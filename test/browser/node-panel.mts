import type { Page } from 'playwright-core';

/** The panel at the right in which nodes are searched for and chosen. */
export class NodePanel {
	constructor(private readonly page: Page) {}

	/** Opens it with the plus of an empty canvas, or the one behind the last node. */
	async open(): Promise<void> {
		await this.page
			.getByTestId('canvas-plus-button')
			.or(this.page.getByTestId('canvas-handle-plus').last())
			.first()
			.click();
		await this.search.waitFor();
	}

	/** Types a word and returns what is found once something with the wanted name is among it. */
	async find(word: string, wanted: string): Promise<string[]> {
		await this.search.fill(word);
		await this.found(wanted).first().waitFor();
		return await this.names();
	}

	/** Opens the list of what a node can do, or adds a node that can do one thing only. */
	async choose(name: string): Promise<void> {
		await this.found(name).first().click();
	}

	/** Adds the node with a trigger or an action of the list. */
	async add(name: string): Promise<void> {
		await this.item(name).click();
		await this.page.getByTestId('ndv').waitFor();
	}

	/** Fills an empty canvas: a trigger by hand, and behind it Cynet with that action, which is open then. */
	async addByHand(action: string): Promise<void> {
		await this.open();
		await this.choose('Trigger manually');
		await this.open();
		await this.find('cynet', 'Cynet');
		await this.choose('Cynet');
		await this.add(action);
	}

	/** Adds *Edit Fields* behind the last node, and opens it. */
	async addEditFields(): Promise<void> {
		await this.open();
		await this.find('Edit Fields', 'Edit Fields (Set)');
		await this.choose('Edit Fields (Set)');
	}

	/** Unfolds a part of what a node can do, also where n8n has unfolded it already. */
	async unfold(part: string): Promise<void> {
		const header = this.page.getByTestId('node-creator-category-item').filter({ hasText: part });
		await header.waitFor();
		const count = async (): Promise<number> => (await this.names()).length;
		const before = await count();
		await header.click();
		await this.page.waitForFunction(
			(folded) =>
				document.querySelectorAll('[data-test-id="node-creator-item-name"]').length !== folded,
			before,
		);
		if ((await count()) < before) await header.click();
	}

	/** What the panel lists now; it may still be drawing. */
	async names(): Promise<string[]> {
		return (await this.page.getByTestId('node-creator-item-name').allInnerTexts()).map((name) =>
			name.trim(),
		);
	}

	private get search() {
		return this.page.getByTestId('node-creator-search-bar');
	}

	private item(name: string) {
		return this.page.getByTestId('node-creator-item-name').getByText(name, { exact: true });
	}

	private found(name: string) {
		return this.page.getByTestId('item-iterator-item').filter({ has: this.item(name) });
	}
}
