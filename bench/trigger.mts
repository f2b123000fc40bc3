import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
} from 'n8n-workflow';
import type { CursorState } from '../nodes/shared/feed/cursor-state.ts';
import { createHost } from '../test/engine/harness.mts';
import { opened } from '../test/unit/feed-packed.mts';
import { CynetApi, CynetTrigger } from './built.mts';

export const SITE = '1001';
const STATE = `site ${SITE}`;

/** The data of a credential for the simulator at that address. */
export const accountAt = (url: string) => ({
	baseUrl: url,
	username: 'ACCESS-KEY',
	password: 'SECRET-KEY-OF-THE-SIMULATOR',
	clientId: SITE,
});

export interface TriggerOptions {
	/** The address of the simulator. */
	readonly url: string;
	readonly options?: INodeParameters;
	/** What n8n kept of an earlier trigger. */
	readonly staticData?: IDataObject;
	/** With the token that an earlier trigger was given. */
	readonly credential?: Partial<ICredentialDataDecryptedObject>;
	/** The time that n8n gives to a poll; its default unless given. */
	readonly pollBudgetMs?: number;
}

export type Trigger = ReturnType<typeof makeTrigger>;

let workflows = 0;

/** A Cynet Trigger in a workflow of its own, as n8n runs it. */
export function makeTrigger({
	url,
	options = {},
	staticData,
	credential = {},
	pollBudgetMs,
}: TriggerOptions) {
	const nodeType = new CynetTrigger();
	const host = createHost({
		workflowId: `workflow ${++workflows}`,
		credentialType: new CynetApi(),
		credential: { ...accountAt(url), ...credential },
		node: { parameters: { options } },
		staticData,
		pollBudgetMs,
	});
	return {
		host,
		/** One tick; the items. */
		poll: async (): Promise<INodeExecutionData[]> => (await host.poll(nodeType))?.[0] ?? [],
		activate: async (): Promise<INodeExecutionData[]> => (await host.activate(nodeType))?.[0] ?? [],
		/** How far the site has been read. */
		cursor: (): CursorState =>
			(JSON.parse(opened(String(host.staticData[STATE]))) as { alerts: CursorState }).alerts,
	};
}
