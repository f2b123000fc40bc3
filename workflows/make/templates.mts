import type { Flow } from './flow.mts';
import { aiTriage } from './targets/ai.mts';
import { heartbeat, isolateAfterApproval, retryFailedDeliveries } from './targets/care.mts';
import { jiraLifecycle } from './targets/jira.mts';
import {
	alertsToSlack,
	alertsToTable,
	emailDigest,
	microsoftTeams,
	msspBySite,
	slackTriage,
} from './targets/people.mts';
import { autotaskPsa, connectwisePsa, halopsa } from './targets/psa.mts';
import { servicenowLifecycle } from './targets/servicenow.mts';
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
import { dfirIris, jira, pagerduty, servicenow, thehive } from './targets/tickets.mts';
import { googleSecOps, line, misp, openCti, telegram } from './targets/ways-out.mts';

/** A file in `workflows/` each. `call-any-endpoint.json` is written by hand. */
export const TEMPLATES: Readonly<Record<string, () => Flow>> = {
	'ai-triage': aiTriage,
	'alerts-to-slack': alertsToSlack,
	'alerts-to-table': alertsToTable,
	'autotask-psa': autotaskPsa,
	'connectwise-psa': connectwisePsa,
	'dfir-iris': dfirIris,
	elasticsearch,
	'email-digest': emailDigest,
	'fluent-bit': fluentBit,
	fluentd,
	'google-secops': googleSecOps,
	graylog,
	halopsa,
	heartbeat,
	insightidr: insightIdr,
	'isolate-after-approval': isolateAfterApproval,
	jira,
	'jira-lifecycle': jiraLifecycle,
	line,
	logstash,
	'microsoft-teams': microsoftTeams,
	misp,
	'mssp-by-site': msspBySite,
	opencti: openCti,
	pagerduty,
	'retry-failed-deliveries': retryFailedDeliveries,
	sentinel,
	servicenow,
	'servicenow-lifecycle': servicenowLifecycle,
	'slack-triage': slackTriage,
	'splunk-hec': splunkHec,
	telegram,
	thehive,
};
