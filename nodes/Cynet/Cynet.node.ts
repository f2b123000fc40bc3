import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	JsonObject,
} from 'n8n-workflow';
import { NodeApiError, NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { testCredential } from '../shared/api/credential-test';
import { Call, Execution } from './call';
import { isStopped } from '../shared/api/pause';
import { describe } from './describe';
import { listSearch } from './list-search';
import { lookUp, type Operation } from './operation';
import { watchAll } from './remediation/outcome';
import { RESOURCES } from './resources';

export class Cynet implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cynet',
		name: 'cynet',
		icon: { light: 'file:../../icons/cynet.svg', dark: 'file:../../icons/cynet.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Get alerts, hosts, users, files and vulnerabilities from Cynet 360, and respond on hosts and files',
		defaults: { name: 'Cynet' },
		builderHint: {
			searchHint:
				'Use for Cynet 360 EDR/XDR. Alert: Get Many lists alerts, Convert turns an alert into Slack, Markdown, OCSF, ECS, CEF and others without a request. Host and File actions isolate, shut down, kill, quarantine or delete: accepted does not mean done, so let a person approve before them.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-cynet.cynetTrigger',
					relationHint:
						'Starts a workflow with each new alert; its items go straight into Convert and the actions',
				},
			],
		},
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'cynetApi',
				required: true,
				testedBy: 'testCredential',
				// It asks nobody.
				displayOptions: { hide: { operation: ['convert'] } },
			},
		],
		properties: describe(RESOURCES),
	};

	methods = { credentialTest: { testCredential }, listSearch: { ...listSearch } };

	/** One item after the other, so that all share one token and none acts before the one ahead of it. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const output: INodeExecutionData[] = [];
		const { length } = this.getInputData();
		const execution = new Execution();
		for (let itemIndex = 0; itemIndex < length; itemIndex++) {
			const call = new Call(this, itemIndex, execution);
			const outcome = await call.attempt(async () => await operationOf(call).run(call));
			if ('value' in outcome) {
				for (const json of outcome.value) output.push({ json, pairedItem: { item: itemIndex } });
			} else if (this.continueOnFail()) {
				output.push({ json: { error: shown(outcome.error) }, pairedItem: { item: itemIndex } });
			} else if (outcome.error instanceof NodeApiError) {
				outcome.error.context.itemIndex = itemIndex;
				// Hands the same error through.
				throw new NodeApiError(this.getNode(), outcome.error as unknown as JsonObject);
			} else {
				throw new NodeOperationError(this.getNode(), outcome.error as Error, { itemIndex });
			}
		}
		await watchAll(execution.watches);
		execution.hints.show(this);
		return [output];
	}
}

function operationOf(call: Call): Operation {
	if (isStopped(call.context)) {
		throw call.refuse(
			'The execution was stopped before this item',
			'Nothing was sent for it. Run the workflow again when you want it to finish.',
		);
	}
	const resource = lookUp(RESOURCES, call.parameter('resource'));
	const operation = resource && lookUp(resource.operations, call.parameter('operation'));
	if (operation) return operation;
	throw call.refuse(
		'This node has no such operation',
		'Choose Resource and Operation from the lists of this node.',
	);
}

/** What an item says in the place of its result. */
function shown(error: unknown): IDataObject {
	const { message, description, httpCode } = error as Partial<NodeApiError>;
	return {
		message: message ?? String(error),
		description: description ?? null,
		httpCode: httpCode ?? null,
	};
}
