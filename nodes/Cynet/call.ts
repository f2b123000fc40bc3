import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { FetchOptions } from '../shared/api/alerts';
import { CREDENTIAL_TYPE, textOf } from '../shared/api/credential';
import { failureOf, reasonOf } from '../shared/api/errors';
import { digestOf } from '../shared/api/fingerprint';
import { protects, truthOf } from '../shared/flags';
import type { KnownHost } from './fields/known-hosts';
import { located } from './fields/locator';
import { Hints } from './hints';
import type { Watch } from './remediation/outcome';

/** What came of it, or the error that stands in its place. */
type Attempt<T> = { readonly value: T } | { readonly error: unknown };

/** What the items of one execution of the node have in common. */
export class Execution {
	/** The outcomes to wait for, once all items were sent. */
	readonly watches: Watch[] = [];

	/** Why Cynet refused an account, so that no item tries the same keys again. */
	readonly refusals = new Map<string, unknown>();

	/** What the editor shows beside the output. */
	readonly hints = new Hints();

	/** The hosts of an account at a site. */
	readonly hosts = new Map<string, Promise<readonly KnownHost[]>>();
}

/** One operation on one item: its parameters, and how to say no to them. */
export class Call {
	/** Switches that were read, so that each is read once: an expression may come to something else the next time. */
	private readonly guards = new Map<string, boolean>();

	constructor(
		readonly context: IExecuteFunctions,
		readonly itemIndex: number,
		readonly execution = new Execution(),
	) {}

	/** A parameter as it stands, expressions resolved for this item. */
	parameter(name: string, missing?: unknown): unknown {
		return this.context.getNodeParameter(name, this.itemIndex, missing as undefined);
	}

	/**
	 * Whether a switch of the node's own fields is on.
	 * @throws NodeOperationError for what is neither true nor false
	 */
	flag(name: string, displayName: string): boolean {
		return this.truth(this.parameter(name), displayName);
	}

	/**
	 * The same for an entry of Options; off where it was not added.
	 * @throws NodeOperationError for what is neither true nor false
	 */
	optionFlag(name: string, displayName: string): boolean {
		return this.hasOption(name) && this.truth(this.option(name), displayName);
	}

	/** Whether an entry of Options that protects is on: off only where it was not added, or is a plain `false`. */
	guard(name: string): boolean {
		const known = this.guards.get(name);
		if (known !== undefined) return known;
		const isOn = protects(this.option(name), this.hasOption(name));
		this.guards.set(name, isOn);
		return isOn;
	}

	/** Whether a permission among Options was given: only by a person's click, which is stored as a plain `true`. */
	allows(name: string): boolean {
		return (this.context.getNode().parameters.options as IDataObject | undefined)?.[name] === true;
	}

	private truth(value: unknown, displayName: string): boolean {
		const truth = truthOf(value);
		if (truth !== null) return truth;
		throw this.refuse(
			`"${displayName}" is neither true nor false`,
			'Turn it on or off, or let its expression give true or false.',
		);
	}

	/** The value of a parameter that may be a locator, whichever way it was chosen. */
	located(name: string): unknown {
		return located(this.parameter(name));
	}

	/** A parameter as text without white space around it. */
	text(name: string): string {
		return textOf(this.located(name));
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

	/**
	 * The site to ask instead of the credential's own. Where an expression came to nothing, the
	 * credential's is not meant.
	 */
	private clientId(): string | undefined {
		if (!this.hasOption('clientId')) return undefined;
		const clientId = textOf(this.option('clientId'));
		if (/^[\x21-\x7e]+$/.test(clientId)) return clientId;
		throw this.refuse(
			clientId === ''
				? '"Client ID" is empty'
				: '"Client ID" holds characters that no Client ID has',
			'Fill in the option Client ID for each item, for example 2251997, or take the option out to use the one of the credential.',
		);
	}

	/**
	 * Runs what asks Cynet, unless Cynet has refused the account of this item to an earlier one: a
	 * wrong password is tried once.
	 * Never throws.
	 */
	async attempt<T>(run: () => Promise<T>): Promise<Attempt<T>> {
		const { refusals } = this.execution;
		try {
			if (refusals.size > 0 && !this.guard('dryRun')) {
				const refused =
					refusals.get(await this.account()) ?? refusals.get(await this.accountAtSite());
				if (refused !== undefined) return { error: refused };
			}
			return { value: await run() };
		} catch (error) {
			const key = isRefusal(error)
				? failureOf(error).atLogin
					? this.account()
					: this.accountAtSite()
				: null;
			await key?.then(
				(refused) => refusals.set(refused, error),
				() => undefined,
			);
			return { error };
		}
	}

	/** Who asks, as this item sees the credential. */
	private async account(): Promise<string> {
		return digestOf(await this.context.getCredentials(CREDENTIAL_TYPE, this.itemIndex));
	}

	/** The same at the site of this item. */
	async accountAtSite(): Promise<string> {
		return `${await this.account()} ${await this.site()}`;
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
		return new NodeOperationError(this.context.getNode(), message, {
			itemIndex: this.itemIndex,
			description,
		});
	}
}

/** Whether the account itself is refused, which will be so for the next item as well. */
function isRefusal(error: unknown): boolean {
	const { atLogin, transient } = failureOf(error);
	return (
		(atLogin && !transient) || ['unauthorized', 'clientIdWrong'].includes(reasonOf(error) ?? '')
	);
}
