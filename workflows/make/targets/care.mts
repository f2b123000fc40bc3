import { Flow } from '../flow.mts';
import { REFUSED, RETRY, TRIES, giveUp, set, settings, waiting, when } from '../nodes.mts';

/** Workflows that look after the others. */

export function heartbeat(): Flow {
	const flow = new Flow('Cynet: heartbeat');
	flow.note([
		'## Tell when a collector fails or falls silent',
		'As an **error workflow** it reports every failed execution of the workflows that choose it. **Every 15 Minutes** it compares the alerts of the last day in Cynet with the collector\'s newest execution: an alert that has been there for 15 minutes, and that no execution came after, means that the collector is silent. A Cynet that cannot be asked is reported, too.',
		'',
		'1. **Alerts of a Day**: choose your *Cynet API* credential.',
		'2. **Newest Execution**: choose an *n8n API* credential (n8n: *Settings > n8n API*; its address ends with `/api/v1`).',
		'3. **Report**: choose your *Slack API* credential and the channel.',
		'4. **Settings**: enter the id of the workflow to watch (the last part of its address). If its trigger filters alerts, set the same filters in **Alerts of a Day**.',
		'5. Publish (activate) this workflow, and choose it as *Error Workflow* in the settings of the others.',
	].join('\n'));
	flow.node('A Workflow Failed', 'errorTrigger', 1, {}, { at: [0, 0] });
	set(flow, 'What Failed', [1, 0], { text: "={{ 'The workflow \"' + $json.workflow.name + '\" failed: ' + ($json.execution?.error?.message ?? $json.trigger?.error?.message ?? 'no reason given') + ($json.execution?.url ? '\\n' + $json.execution.url : '') }}" });
	flow.node('Every 15 Minutes', 'scheduleTrigger', 1.2, { rule: { interval: [{ field: 'minutes', minutesInterval: 15 }] } }, { at: [0, 1] });
	settings(flow, [1, 1], { workflowId: 'ID-OF-THE-WORKFLOW-TO-WATCH', minutes: 15 });
	flow.node('Alerts of a Day', 'n8n-nodes-cynet.cynet', 1, { resource: 'alert', operation: 'getAll', returnAll: true, since: '={{ $now.minus({ hours: 24 }).toISO() }}' }, { at: [2, 1], credentials: { cynetApi: 'Cynet' }, more: { ...RETRY, onError: 'continueErrorOutput', alwaysOutputData: true } });
	flow.node('Newest Execution', 'n8n', 1, { resource: 'execution', limit: 1, filters: { workflowId: { __rl: true, mode: 'id', value: "={{ $('Settings').first().json.workflowId }}" } }, options: {} }, { at: [3, 1], credentials: { n8nApi: 'n8n' }, more: { ...RETRY, alwaysOutputData: true, executeOnce: true } });
	set(flow, 'First Alert Since', [4, 1], { alertAt: "={{ $('Alerts of a Day').all().map((item) => item.json.createdAt).filter((at) => at && !(Date.parse(at) <= Date.parse($json.startedAt))).sort()[0] ?? '' }}", executionAt: "={{ $json.startedAt ?? '' }}" });
	when(flow, 'Silent?', [5, 1], "$json.alertAt && Date.parse($json.alertAt) < Date.now() - $('Settings').first().json.minutes * 60000");
	set(flow, 'It Is Silent', [6, 1], { text: "={{ 'The Cynet collector ' + $('Settings').first().json.workflowId + ' is silent: Cynet has had an alert since ' + $json.alertAt + ', and the last execution is of ' + ($json.executionAt || 'never') + '.' }}" });
	set(flow, 'Cynet Cannot Be Asked', [3, 2], { text: "={{ 'Cynet cannot be asked: ' + ($json.error?.message ?? $json.error) }}" });
	flow.node('Report', 'slack', 2.3, { select: 'channel', channelId: { __rl: true, mode: 'name', value: '#soc-operations' }, text: '={{ $json.text }}', otherOptions: { includeLinkToWorkflow: false } }, { at: [7, 0.5], credentials: { slackApi: 'Slack' }, more: { ...RETRY, maxTries: 5, waitBetweenTries: 5000 } });
	return flow
		.chain('A Workflow Failed', 'What Failed', 'Report')
		.chain('Every 15 Minutes', 'Settings', 'Alerts of a Day', 'Newest Execution', 'First Alert Since', 'Silent?', 'It Is Silent', 'Report')
		.connect('Alerts of a Day', 'Cynet Cannot Be Asked', 1).chain('Cynet Cannot Be Asked', 'Report');
}

export function redeliver(): Flow {
	const flow = new Flow('Cynet: redeliver after a crash');
	flow.note([
		'## Run again what a crash of n8n cut off',
		'When n8n is killed in the middle of an execution, n8n marks that execution as crashed and leaves it. This workflow waits three minutes after each start of n8n (until then alerts that the triggers hand over again have arrived), and runs crashed executions again, each once.',
		'',
		'**It looks only at published workflows whose name begins with *Cynet*, only at what began in the last 24 hours, and only at the last 100 executions of each.** A workflow of another name, or what 100 later executions of the same workflow hide, is left as it is. Change name and hours in **Settings**, and the 100 in **List Executions**.',
		'',
		`While n8n's API is too busy or away, this workflow looks again every 70 seconds, ${TRIES.toLocaleString('en')} times at most (**Give Up?**); then, and if n8n refuses for good, it fails. Mend the cause and press *Execute workflow*.`,
		'',
		'1. **List Workflows**, **List Executions** and **Run It Again**: choose an *n8n API* credential (n8n: *Settings > n8n API*; its address ends with `/api/v1`). The key needs to list workflows, and to list, read and retry executions.',
		'2. **Settings**: enter the address of n8n\'s API as n8n itself reaches it, the same as in the credential.',
		'3. Publish (activate) the workflow.',
	].join('\n'));
	flow.node('n8n Has Started', 'n8nTrigger', 1, { events: ['init'] }, { at: [0, 0] });
	flow.node('Wait Three Minutes', 'wait', 1.1, { resume: 'timeInterval', amount: 180, unit: 'seconds' }, { at: [1, 0] });
	settings(flow, [2, 0], { apiUrl: 'http://localhost:5678/api/v1', nameBegins: 'Cynet', hours: 24 }, { keepInput: false });
	const api = { credentials: { n8nApi: 'n8n' } };
	flow.node('List Workflows', 'n8n', 1, { resource: 'workflow', returnAll: true, filters: { activeWorkflows: true } }, { at: [3, 0], ...api, more: { ...RETRY, executeOnce: true, onError: 'continueErrorOutput' } });
	flow.node('Those of Cynet', 'filter', 2.2, {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
			conditions: [
				{ id: 'name', leftValue: '={{ $json.name }}', rightValue: "={{ $('Settings').first().json.nameBegins }}", operator: { type: 'string', operation: 'startsWith' } },
				{ id: 'self', leftValue: '={{ $json.id }}', rightValue: '={{ $workflow.id }}', operator: { type: 'string', operation: 'notEquals' } },
			],
			combinator: 'and',
		},
		options: {},
	}, { at: [4, 0] });
	// Of all states: n8n's lines differ in whether "error" includes crashed ones, and what was run again may be waiting.
	flow.node('List Executions', 'n8n', 1, { resource: 'execution', limit: 100, filters: { workflowId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } }, options: {} }, { at: [5, 0], ...api, more: { ...RETRY, onError: 'continueErrorOutput' } });
	flow.node('Not Yet Run Again', 'filter', 2.2, {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
			conditions: [{
				id: 'crashed',
				leftValue: "={{ $json.status === 'crashed' && !$json.retrySuccessId && Date.parse($json.startedAt) > Date.now() - $('Settings').first().json.hours * 3600000 && !$input.all().some((other) => String(other.json.retryOf) === String($json.id)) }}",
				rightValue: '', operator: { type: 'boolean', operation: 'true', singleValue: true },
			}],
			combinator: 'and',
		},
		options: {},
	}, { at: [6, 0] });
	flow.node('Run It Again', 'httpRequest', 4.2, {
		method: 'POST', url: "={{ $('Settings').first().json.apiUrl }}/executions/{{ $json.id }}/retry",
		authentication: 'predefinedCredentialType', nodeCredentialType: 'n8nApi',
		sendBody: true, specifyBody: 'json', jsonBody: '{ "loadWorkflow": false }',
		options: { batching: { batch: { batchSize: 1, batchInterval: 2000 } }, redirect: { redirect: { followRedirects: false } }, timeout: 300_000 },
	}, { at: [7, 0], ...api, more: { onError: 'continueErrorOutput' } });
	giveUp(flow, [8, 1], REFUSED, '$runIndex + 1');
	waiting(flow, [9, 1]);
	flow.node('Fail the Execution', 'stopAndError', 1, {
		errorType: 'errorMessage',
		errorMessage: "={{ 'n8n did not run crashed executions again. It said: ' + ($json.error?.message ?? $json.error) + '. Mend the credential or the settings, and press Execute workflow in this workflow.' }}",
	}, { at: [9, 2], more: { executeOnce: true } });
	flow.chain('n8n Has Started', 'Wait Three Minutes', 'Settings', 'List Workflows', 'Those of Cynet', 'List Executions', 'Not Yet Run Again', 'Run It Again');
	for (const asking of ['List Workflows', 'List Executions', 'Run It Again']) flow.connect(asking, 'Give Up?', 1);
	// Not back to where it failed: what n8n did all the same shows in the list.
	return flow.connect('Give Up?', 'Fail the Execution', 0).connect('Give Up?', 'Wait for the Target', 1).chain('Wait for the Target', 'List Workflows');
}
