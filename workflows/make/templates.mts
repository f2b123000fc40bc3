import type { Flow } from './flow.mts';
import { heartbeat, redeliver } from './targets/care.mts';
import { emailDigest, isolateAfterApproval, microsoftTeams, msspBySite, slackTriage } from './targets/people.mts';
import { elasticsearch, fluentBit, fluentd, insightIdr, logstash, sentinel, splunkHec } from './targets/siem.mts';
import { dfirIris, jira, pagerduty, servicenow, thehive } from './targets/tickets.mts';

/** A file in `workflows/` each. `call-any-endpoint.json` is written by hand. */
export const TEMPLATES: Readonly<Record<string, () => Flow>> = {
	'dfir-iris': dfirIris,
	elasticsearch,
	'email-digest': emailDigest,
	'fluent-bit': fluentBit,
	fluentd,
	heartbeat,
	insightidr: insightIdr,
	'isolate-after-approval': isolateAfterApproval,
	jira,
	logstash,
	'microsoft-teams': microsoftTeams,
	'mssp-by-site': msspBySite,
	pagerduty,
	'redeliver-after-crash': redeliver,
	sentinel,
	servicenow,
	'slack-triage': slackTriage,
	'splunk-hec': splunkHec,
	thehive,
};
