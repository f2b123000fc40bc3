import type { Flow } from './flow.mts';
import { heartbeat, isolateAfterApproval, retryFailedDeliveries } from './targets/care.mts';
import { jira } from './targets/jira.mts';
import {
	alertsToSlack,
	alertsToTable,
	emailDigest,
	microsoftTeams,
	msspBySite,
	slackTriage,
} from './targets/people.mts';
import { servicenow } from './targets/servicenow.mts';
import {
	elasticsearch,
	fluentBit,
	fluentd,
	graylog,
	insightIdr,
	logstash,
	sentinel,
	splunkHec,
} from './targets/siem.mts';
import { autotaskPsa, connectwisePsa, halopsa } from './targets/psa.mts';
import { dfirIris, pagerduty, thehive } from './targets/tickets.mts';

/** A file in `workflows/` each. `call-any-endpoint.json` is written by hand. */
export const TEMPLATES: Readonly<Record<string, () => Flow>> = {
	'alerts-to-slack': alertsToSlack,
	'alerts-to-table': alertsToTable,
	'autotask-psa': autotaskPsa,
	'connectwise-psa': connectwisePsa,
	'dfir-iris': dfirIris,
	elasticsearch,
	'email-digest': emailDigest,
	'fluent-bit': fluentBit,
	fluentd,
	graylog,
	halopsa,
	heartbeat,
	insightidr: insightIdr,
	'isolate-after-approval': isolateAfterApproval,
	jira,
	logstash,
	'microsoft-teams': microsoftTeams,
	'mssp-by-site': msspBySite,
	pagerduty,
	'retry-failed-deliveries': retryFailedDeliveries,
	sentinel,
	servicenow,
	'slack-triage': slackTriage,
	'splunk-hec': splunkHec,
	thehive,
};
