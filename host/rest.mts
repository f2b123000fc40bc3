import { setTimeout as wait } from 'node:timers/promises';
import type { N8n } from './n8n.mts';
import { until } from './wait.mts';

/** An answer of n8n's REST API other than 2xx; the message is n8n's own. */
class RestError extends Error {
	constructor(
		readonly status: number,
		message: string,
	) {
		super(message);
	}
}

export interface Owner {
	readonly email: string;
	/** n8n wants eight characters at least, a capital letter and a digit among them. */
	readonly password: string;
}

export interface Credential {
	readonly name: string;
	readonly type: string;
	readonly data: Readonly<Record<string, unknown>>;
}

interface TestResult {
	readonly status: 'OK' | 'Error';
	/** What the editor shows to the user. */
	readonly message: string;
}

export interface Workflow {
	readonly name: string;
	readonly nodes: ReadonlyArray<Readonly<Record<string, unknown>>>;
	readonly connections: Readonly<Record<string, unknown>>;
	readonly settings?: Readonly<Record<string, unknown>>;
}

export interface Publication {
	readonly status: 'published' | 'partial' | 'failed' | 'not_published' | 'in_progress';
	/** Why triggers were not activated, as the editor shows it. */
	readonly errors: readonly string[];
}

interface PublicationStatus {
	readonly status: Publication['status'];
	readonly triggers: ReadonlyArray<{ readonly errorMessage: string | null }>;
}

/** n8n ties a session to the browser that opened it. */
const BROWSER_ID = 'n8n-nodes-cynet-host';
const REQUEST_LIMIT_MS = 120_000;

/** n8n's own REST API, as its editor uses it. Where versions differ, it tries the newer way first. */
export class Rest {
	private cookie = '';

	constructor(private readonly n8n: Pick<N8n, 'url'>) {}

	get url(): string {
		return this.n8n.url;
	}

	/** The cookie of the owner's session, for what is not below `/rest`. */
	get session(): string {
		return this.cookie;
	}

	/** Makes the owner of a new n8n and is logged in as that owner, also over restarts. */
	async setUpOwner({ email, password }: Owner): Promise<void> {
		await this.request('POST', '/owner/setup', {
			email,
			password,
			firstName: 'Demo',
			lastName: 'Owner',
		});
	}

	async logIn({ email, password }: Owner): Promise<void> {
		// Older versions call the field by another name and ignore the one that they do not know.
		await this.request('POST', '/login', { emailOrLdapLoginId: email, email, password });
	}

	async createCredential(credential: Credential): Promise<string> {
		const { id } = await this.request<{ id: string }>('POST', '/credentials', credential);
		return id;
	}

	async updateCredential(id: string, credential: Credential): Promise<void> {
		await this.request('PATCH', `/credentials/${id}`, { id, ...credential });
	}

	/** What the editor does with the button "Retry" of a saved credential. */
	async testCredential(id: string, credential: Credential): Promise<TestResult> {
		return await this.request<TestResult>('POST', '/credentials/test', {
			credentials: { id, ...credential },
		});
	}

	/** The credential with its data as the editor is sent it. */
	async credential(id: string): Promise<Record<string, unknown>> {
		return await this.request('GET', `/credentials/${id}?includeData=true`);
	}

	async createWorkflow(workflow: Workflow): Promise<string> {
		const { id } = await this.request<{ id: string }>('POST', '/workflows', {
			active: false,
			settings: {},
			...workflow,
		});
		return id;
	}

	/**
	 * Creates a workflow and publishes it; its id.
	 *
	 * @throws with n8n's reasons where it does not publish it
	 */
	async publish(workflow: Workflow): Promise<string> {
		const id = await this.createWorkflow(workflow);
		const { status, errors } = await this.activate(id);
		if (status !== 'published')
			throw new Error(`n8n did not publish "${workflow.name}": ${errors.join('; ') || status}`);
		return id;
	}

	/** Publishes the newest version of a workflow and waits until n8n knows how that went. */
	async activate(workflowId: string, limitMs = 120_000): Promise<Publication> {
		const { versionId } = await this.request<{ versionId: string }>(
			'GET',
			`/workflows/${workflowId}`,
		);
		try {
			await this.orOlder(
				async () => await this.request('POST', `/workflows/${workflowId}/activate`, { versionId }),
				async () =>
					await this.request('PATCH', `/workflows/${workflowId}`, { active: true, versionId }),
			);
		} catch (error) {
			// n8n up to 2.39 answers only after the activation, and with its reason if it failed.
			if (error instanceof RestError && error.status < 500 && error.status !== 401)
				return { status: 'failed', errors: [error.message] };
			throw error;
		}
		return await until(
			'the workflow is published or was given up',
			async () => {
				const publication = await this.publication(workflowId);
				return (
					publication.status !== 'in_progress' &&
					publication.status !== 'not_published' &&
					publication
				);
			},
			{ limitMs },
		);
	}

	async deactivate(workflowId: string): Promise<void> {
		await this.orOlder(
			async () => await this.request('POST', `/workflows/${workflowId}/deactivate`, {}),
			async () => {
				const { versionId } = await this.request<{ versionId: string }>(
					'GET',
					`/workflows/${workflowId}`,
				);
				return await this.request('PATCH', `/workflows/${workflowId}`, {
					active: false,
					versionId,
				});
			},
		);
	}

	/** Whether the triggers of a workflow live. n8n up to 2.39 knows only whether the workflow is active. */
	async publication(workflowId: string): Promise<Publication> {
		return await this.orOlder(
			async () => {
				const { status, triggers } = await this.request<PublicationStatus>(
					'GET',
					`/workflows/${workflowId}/publication-status`,
				);
				if (status === 'not_published') return await this.activeOnly(workflowId);
				return { status, errors: triggers.flatMap(({ errorMessage }) => errorMessage ?? []) };
			},
			async () => await this.activeOnly(workflowId),
		);
	}

	/** Runs a failed or crashed execution again from where it stood, and returns once it has finished. */
	async retryExecution(id: string): Promise<{ id: string; status: string }> {
		return await this.request('POST', `/executions/${id}/retry`, { loadWorkflow: false });
	}

	/**
	 * Asks again while n8n refuses all requests because its database is slow to answer, as it may be
	 * on a busy machine.
	 */
	async request<T = Record<string, unknown>>(
		method: string,
		path: string,
		body?: unknown,
	): Promise<T> {
		const end = performance.now() + REQUEST_LIMIT_MS;
		for (;;) {
			try {
				return await this.requestOnce<T>(method, path, body);
			} catch (error) {
				const isRefusedUnread =
					error instanceof RestError &&
					error.status === 503 &&
					error.message.includes('Database is not ready');
				if (!isRefusedUnread || performance.now() > end) throw error;
				await wait(500);
			}
		}
	}

	private async requestOnce<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${this.n8n.url}/rest${path}`, {
			method,
			headers: {
				'content-type': 'application/json',
				'browser-id': BROWSER_ID,
				cookie: this.cookie,
			},
			body: body === undefined ? undefined : JSON.stringify(body),
			signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
		});
		const session = response.headers
			.getSetCookie()
			.find((cookie) => cookie.startsWith('n8n-auth='));
		if (session) this.cookie = session.split(';')[0] ?? '';
		const text = await response.text();
		const answer = parse(text);
		if (!response.ok)
			throw new RestError(
				response.status,
				answer.message ?? (text.slice(0, 200) || response.statusText),
			);
		return answer.data as T;
	}

	private async activeOnly(workflowId: string): Promise<Publication> {
		const { active } = await this.request<{ active: boolean }>('GET', `/workflows/${workflowId}`);
		return { status: active ? 'published' : 'not_published', errors: [] };
	}

	private async orOlder<T>(newer: () => Promise<T>, older: () => Promise<T>): Promise<T> {
		try {
			return await newer();
		} catch (error) {
			if (error instanceof RestError && error.status === 404) return await older();
			throw error;
		}
	}
}

function parse(text: string): { data?: unknown; message?: string } {
	try {
		return JSON.parse(text) as { data?: unknown; message?: string };
	} catch {
		return {};
	}
}
