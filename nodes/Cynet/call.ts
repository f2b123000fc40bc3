import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { FetchOptions } from '../shared/api/alerts';
import { CREDENTIAL_TYPE, textOf } from '../shared/api/credential';

/** One operation on one item: its parameters, and how to say no to them. */
export class Call {
	constructor(
		readonly context: IExecuteFunctions,
		readonly itemIndex: number,
	) {}

	/** A parameter as it stands, expressions resolved for this item. */
	parameter(name: string): unknown {
		return this.context.getNodeParameter(name, this.itemIndex, undefined);
	}

	/** A parameter as text without white space around it. */
	text(name: string): string {
		return textOf(this.parameter(name));
	}

	/** The same, and not empty. */
	filled(name: string, displayName: string, remedy: string): string {
		const text = this.text(name);
		if (text === '') throw this.refuse(`"${displayName}" is empty`, remedy);
		return text;
	}

	option(name: string): unknown {
		return (this.parameter('options') as IDataObject | undefined)?.[name];
	}

	/** Whether the user added the option, whatever its expression came to for this item. */
	hasOption(name: string): boolean {
		const options = this.context.getNode().parameters.options as IDataObject | undefined;
		return this.option(name) !== undefined || options?.[name] !== undefined;
	}

	/** The site to ask instead of the credential's own. Where an expression came to nothing, the credential's is not meant. */
	private clientId(): string | undefined {
		if (!this.hasOption('clientId')) return undefined;
		const clientId = textOf(this.option('clientId'));
		if (/^[\x21-\x7e]+$/.test(clientId)) return clientId;
		throw this.refuse(
			clientId === '' ? '"Client ID" is empty' : '"Client ID" holds characters that no Client ID has',
			'Fill in the option Client ID for each item, for example 2251997, or take the option out to use the one of the credential.',
		);
	}

	/** What goes along with each request. */
	get route(): FetchOptions {
		return { clientId: this.clientId(), itemIndex: this.itemIndex };
	}

	/** The site that this item is about. */
	async site(): Promise<string> {
		const { clientId } = this.route;
		if (clientId !== undefined) return clientId;
		return textOf((await this.context.getCredentials(CREDENTIAL_TYPE, this.itemIndex)).clientId);
	}

	/** The refusal of a parameter: what is wrong with which field, and what to do about it. */
	refuse(message: string, description: string): NodeOperationError {
		return new NodeOperationError(this.context.getNode(), message, { itemIndex: this.itemIndex, description });
	}
}
