import type { Page } from 'playwright-core';

/** What surrounds the canvas: the menu, the button Publish, the list of executions. */
export class WorkflowPage {
	constructor(private readonly page: Page) {}

	/** Reads a file by the editor's own menu. */
	async importFromFile(path: string): Promise<void> {
		await this.page.getByTestId('workflow-menu').click();
		await this.menuItem('Import').hover();
		const choosing = this.page.waitForEvent('filechooser');
		await this.menuItem('From file').click();
		await (await choosing).setFiles(path);
		await this.page.getByTestId('canvas-node').first().waitFor();
	}

	/** The name of the workflow that is open. */
	async name(): Promise<string> {
		return await this.page.getByTestId('workflow-name-input').innerText();
	}

	/** Publishes, and waits until n8n says that it is done. */
	async publish(): Promise<void> {
		await this.page.getByTestId('workflow-open-publish-modal-button').click();
		await this.page.getByTestId('workflow-publish-button').click();
		await this.page.getByTestId('workflow-active-version-indicator').waitFor();
	}

	/** What n8n says once a workflow is published. */
	async message(): Promise<string> {
		const dialog = this.page.getByRole('dialog');
		await dialog.waitFor();
		return await dialog.innerText();
	}

	async showExecutions(): Promise<void> {
		await this.page.getByTestId('radio-button-executions').click();
		await this.page.getByTestId('current-executions-list').waitFor();
	}

	/** Opens an execution once the list has it, which refreshes itself, and returns what is said about it. */
	async openExecution(id: number): Promise<string> {
		await this.page.getByTestId(`execution-details-${id}`).click();
		const details = this.page.getByTestId(`execution-preview-details-${id}`);
		await details.waitFor();
		return await details.innerText();
	}

	/** How many items went along the first line of the execution that is open. */
	async itemsEmitted(): Promise<string> {
		return await this.page.getByTestId('edge-label').first().innerText();
	}

	private menuItem(name: string) {
		return this.page.getByRole('menuitem', { name, exact: true }).filter({ visible: true });
	}
}
