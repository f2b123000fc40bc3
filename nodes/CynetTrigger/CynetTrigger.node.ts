import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeConnectionTypes } from 'n8n-workflow';
import { testCredential } from '../shared/api/credential-test';
import { itemOf } from './items';
import { memoryOf } from './memory';
import { newestAlerts } from './newest-alerts';
import { poll } from './poll';
import { properties } from './properties';
import { triggerSettings } from './settings';
import { accountOf } from './site';

export class CynetTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cynet Trigger',
		name: 'cynetTrigger',
		icon: { light: 'file:../../icons/cynet.svg', dark: 'file:../../icons/cynet.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["events"].join(", ")}}',
		description: 'Starts the workflow when Cynet 360 raises an alert, once for each alert',
		defaults: { name: 'Cynet Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'cynetApi', required: true, testedBy: 'testCredential' }],
		properties,
	};

	methods = { credentialTest: { testCredential } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const settings = triggerSettings(this);
		if (this.getMode() === 'manual') {
			const newest = await newestAlerts(this, await accountOf(this, settings.clientIds), settings);
			return [newest.map((found) => itemOf(found, settings.simple))];
		}
		const memory = memoryOf(this);
		if (memory.polling) return null;
		memory.polling = true;
		try {
			const items = await poll(this, memory, settings);
			// Nothing new is null: n8n would start an empty execution for an empty list.
			return items.length === 0 ? null : [items];
		} catch (error) {
			// Hands our own errors through as they are; of any other, n8n would keep nothing.
			throw new NodeApiError(this.getNode(), error as JsonObject);
		} finally {
			memory.polling = false;
		}
	}
}
