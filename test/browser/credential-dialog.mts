import type { Locator, Page } from 'playwright-core';

/** n8n's dialog for a credential. */
export class CredentialDialog {
	constructor(private readonly page: Page) {}

	/** Opens it for a new credential, from a node that has none. */
	async openNew(): Promise<void> {
		await this.page.getByTestId('node-credentials-empty-state').click();
		await this.fields.waitFor();
	}

	/** Opens the credential of the node. n8n tests it at once. */
	async openAgain(): Promise<void> {
		await this.page.getByTestId('credential-edit-button').click();
		await this.fields.waitFor();
	}

	async fill(values: Readonly<Record<string, string>>): Promise<void> {
		for (const [name, value] of Object.entries(values)) await this.input(name).fill(value);
	}

	async value(name: string): Promise<string> {
		return await this.input(name).inputValue();
	}

	/** Saves; n8n tests the credential then, and closes the dialog if it is good. */
	async save(): Promise<void> {
		await this.page.getByTestId('credential-save-button').click();
	}

	/** What is said once n8n could not connect, its details unfolded. */
	async complaint(): Promise<string> {
		const banner = this.fields.locator('.el-tag--danger').filter({ visible: true });
		await banner.getByText('More details').click();
		await banner.getByText('More details').waitFor({ state: 'hidden' });
		return await banner.innerText();
	}

	async waitUntilGood(): Promise<void> {
		await this.fields
			.getByText('Connection tested successfully')
			.filter({ visible: true })
			.waitFor();
	}

	async waitUntilClosed(): Promise<void> {
		await this.modal.waitFor({ state: 'hidden' });
	}

	async close(): Promise<void> {
		await this.modal.getByRole('button', { name: 'Close' }).first().click();
		await this.waitUntilClosed();
	}

	private get modal(): Locator {
		return this.page.getByTestId('editCredential-modal');
	}

	private get fields(): Locator {
		return this.page.getByTestId('node-credentials-config-container');
	}

	private input(name: string): Locator {
		return this.fields.getByTestId(`parameter-input-${name}`).locator('input').first();
	}
}
