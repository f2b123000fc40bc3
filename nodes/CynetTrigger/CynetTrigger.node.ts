import type {
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
	JsonObject,
} from 'n8n-workflow';
import { NodeApiError, NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { testCredential } from '../shared/api/credential-test';
import { itemOf } from './items';
import { forget } from './memory';
import { newestAlerts } from './newest-alerts';
import { hasWorked, poll } from './poll';
import { properties } from './properties';
import { beginRun, endRun, isCurrent } from './run';
import { triggerSettings, type TriggerSettings } from './settings';
import { accountOf } from './site';
import { stopWaiting } from './waiting';

/** What n8n calls a start of its own, in which nobody has published anything. */
const STARTS: ReadonlySet<string> = new Set(['init', 'leadershipChange']);

/** The events, and how many sites Client IDs names where it names several. */
const SUBTITLE = `={{
	$parameter["events"].map((event) => event.charAt(0).toUpperCase() + event.slice(1)).join(", ") +
	[new Set(String($parameter["options"]["clientIds"] ?? "").trim().split(/[\\s,;]+/)).size]
		.map((sites) => sites > 1 ? ", " + sites + " Sites" : "")
}}`.replace(/\s+/g, ' ');

export class CynetTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cynet Trigger',
		name: 'cynetTrigger',
		icon: { light: 'file:../../icons/cynet.svg', dark: 'file:../../icons/cynet.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: SUBTITLE,
		description: 'Starts the workflow when Cynet 360 raises an alert. Emits each alert once.',
		defaults: { name: 'Cynet Trigger' },
		builderHint: {
			searchHint:
				'Use to start a workflow when Cynet 360 raises an alert. Emits each alert once, several in one execution. Store dedupKey in the target to tell repeats apart.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-cynet.cynet',
					relationHint:
						'Converts the alert for its target, looks up its host, user or file, and acts on them',
				},
			],
		},
		polling: true,
		activationMessage:
			'Cynet Trigger now polls Cynet 360. The first execution holds the alerts of the last 24 hours, or of what Look Back (Hours) says; if the site had none, nothing runs yet. After that, each poll that finds alerts starts one execution with all of them.',
		hints: [
			{
				message:
					'Fetch Test Event shows up to three of the newest alerts of the last 30 days that match the filters. Once published, each poll that finds alerts starts one execution with all of them.',
				type: 'info',
				location: 'outputPane',
				whenToDisplay: 'beforeExecution',
			},
		],
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'cynetApi', required: true, testedBy: 'testCredential' }],
		properties,
	};

	methods = { credentialTest: { testCredential } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		if (this.getMode() === 'manual') {
			const settings = triggerSettings(this);
			const newest = await newestAlerts(this, await accountOf(this, settings.clientIds), settings);
			return [newest.map((found) => itemOf(found, settings.simple))];
		}
		const run = beginRun(this);
		if (run === null) return null;
		let settings: TriggerSettings | null = null;
		try {
			settings = triggerSettings(this);
			return await poll(run, settings);
		} catch (error) {
			if (!isCurrent(run)) return null;
			// Passes our own errors on as they are; of any other, n8n would keep nothing.
			const reported =
				error instanceof NodeOperationError
					? error
					: new NodeApiError(this.getNode(), error as JsonObject);
			if (!run.decidesActivation) throw reported;
			if (!hasWorked(run)) {
				forget(this);
				stopWaiting(this.getWorkflowStaticData('node'));
				throw reported;
			}
			// Who publishes is told what a field lacks. At a start of n8n a variable that is gone must
			// not end a trigger that has worked.
			if (settings === null && !STARTS.has(this.getActivationMode())) throw reported;
			this.logger.warn(`Cynet Trigger: ${reported.message}. Trying again at the next poll.`);
			return null;
		} finally {
			endRun(run);
		}
	}
}
