import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeConnectionTypes } from 'n8n-workflow';
import { testCredential } from '../shared/api/credential-test';
import { itemOf } from './items';
import { forget } from './memory';
import { newestAlerts } from './newest-alerts';
import { hasWorked, poll } from './poll';
import { properties } from './properties';
import { beginRun, endRun, isCurrent } from './run';
import { triggerSettings } from './settings';
import { accountOf } from './site';
import { stopWaiting } from './waiting';

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
		const run = beginRun(this);
		if (run === null) return null;
		try {
			return await poll(run, settings);
		} catch (error) {
			if (!isCurrent(run)) return null;
			// Passes our own errors on as they are; of any other, n8n would keep nothing.
			const reported = new NodeApiError(this.getNode(), error as JsonObject);
			if (!run.decidesActivation) throw reported;
			if (!hasWorked(run)) {
				forget(this);
				stopWaiting(this.getWorkflowStaticData('node'));
				throw reported;
			}
			this.logger.warn(`Cynet Trigger: ${reported.message}. Trying again at the next poll.`);
			return null;
		} finally {
			endRun(run);
		}
	}
}
