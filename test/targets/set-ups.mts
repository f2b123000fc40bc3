import type { Contract } from './receivers/contract.mts';
import { autotask } from './receivers/autotask.mts';
import { SIGNATURE_SECRET, customer, microsoftTeams, slack } from './receivers/chat.mts';
import { fluentBit, fluentd, graylog, logstash } from './receivers/collectors.mts';
import { connectwise } from './receivers/connectwise.mts';
import { dfirIris } from './receivers/dfir-iris.mts';
import { elasticsearch } from './receivers/elasticsearch.mts';
import { GOOGLE_EMAIL, GOOGLE_KEY, googleSecOps } from './receivers/google-secops.mts';
import { halopsa } from './receivers/halopsa.mts';
import { insightIdr } from './receivers/insightidr.mts';
import { jira } from './receivers/jira.mts';
import { LINE_GROUP, line } from './receivers/line.mts';
import { misp } from './receivers/misp.mts';
import { openCti } from './receivers/opencti.mts';
import { pagerduty } from './receivers/pagerduty.mts';
import { sentinel } from './receivers/sentinel.mts';
import { servicenow } from './receivers/servicenow.mts';
import { splunkHec } from './receivers/splunk-hec.mts';
import { TELEGRAM_TOKEN, telegram } from './receivers/telegram.mts';
import { thehive } from './receivers/thehive.mts';

export interface SetUp {
	/** In the order of the addresses that the functions below are given; none for a mail server. */
	readonly contracts: readonly Contract[];
	/** What makes the target idempotent; null if nothing does. */
	readonly idempotency: string | null;
	/** Opens a ticket that lives with its alert, and none for an alert that is closed already. */
	readonly lives?: true;
	/** A host on the internet that cannot be changed in the template, or several. */
	readonly host?: string | readonly string[];
	/** What a user types in place of what the template says. */
	typed?(...urls: string[]): Readonly<Record<string, string>>;
	/** A credential's type to its data. */
	credentials?(
		url: string,
		port: number,
	): Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const none = null;
/** The Slack templates lead to the same receiver: the last one set up. */
const SLACK = {
	host: 'slack.com',
	credentials: () => ({
		slackApi: { accessToken: 'xoxb-of-the-receiver', signatureSecret: SIGNATURE_SECRET },
	}),
};

/** What a user does after importing each template, as its note says. */
export const SET_UPS: Readonly<Record<string, SetUp>> = {
	// A test of its own brings a model; without one each alert comes without an assessment.
	'ai-triage': {
		contracts: [slack],
		idempotency: none,
		...SLACK,
		credentials: () => ({
			...SLACK.credentials(),
			openAiApi: { apiKey: 'sk-of-the-receiver', url: 'http://127.0.0.1:9/v1' },
		}),
	},
	'alerts-to-slack': { contracts: [slack], idempotency: none, ...SLACK },
	'autotask-psa': {
		contracts: [autotask],
		idempotency: 'look-up by `externalID` or title',
		lives: true,
		typed: (url) => ({
			'https://YOUR-ZONE.autotask.net': url,
			'const queue = 0;': 'const queue = 29682833;',
		}),
		credentials: () => ({
			httpCustomAuth: {
				json: '{ "headers": { "ApiIntegrationCode": "autotask-code", "UserName": "api@example.com", "Secret": "autotask-secret" } }',
			},
		}),
	},
	'connectwise-psa': {
		contracts: [connectwise],
		idempotency: 'look-up by `externalXRef`',
		lives: true,
		typed: (url) => ({
			'https://YOUR-CONNECTWISE': url,
			'YOUR-CLIENT-ID': 'cw-client-id',
			'YOUR-BOARD': 'Security',
			'CUSTOMER-ONE': 'Acme',
			'CUSTOMER-TWO': 'Globex',
			'ALL-OTHERS': 'CatchAll',
		}),
		credentials: () => ({ httpBasicAuth: { user: 'acme+cw-public', password: 'cw-private' } }),
	},
	'dfir-iris': {
		contracts: [dfirIris],
		idempotency: 'look-up by `source_reference`',
		typed: (url) => ({ 'https://YOUR-IRIS': url }),
		credentials: (baseUrl) => ({
			dfirIrisApi: { baseUrl, apiKey: 'iris-key', skipSslCertificateValidation: false },
		}),
	},
	elasticsearch: {
		contracts: [elasticsearch],
		idempotency: 'native: `_id`',
		typed: (url) => ({ 'https://YOUR-CLUSTER:9200': url }),
		credentials: (baseUrl) => ({
			elasticsearchApi: {
				username: 'elastic',
				password: 'elastic-password',
				baseUrl,
				ignoreSSLIssues: false,
			},
		}),
	},
	'email-digest': {
		contracts: [],
		idempotency: none,
		credentials: (_, port) => ({
			smtp: {
				user: 'mailer',
				password: 'mail-password',
				host: '127.0.0.1',
				port,
				secure: false,
				disableStartTls: true,
			},
		}),
	},
	'fluent-bit': {
		contracts: [fluentBit],
		idempotency: none,
		typed: (url) => ({ 'http://YOUR-FLUENT-BIT:9880': url }),
	},
	fluentd: {
		contracts: [fluentd],
		idempotency: none,
		typed: (url) => ({ 'http://YOUR-FLUENTD:9880': url }),
	},
	'google-secops': {
		contracts: [googleSecOps],
		idempotency: none,
		host: ['chronicle.eu.rep.googleapis.com', 'oauth2.googleapis.com'],
		typed: () => ({ 'YOUR-REGION': 'eu', 'YOUR-PROJECT': 'soc', 'YOUR-INSTANCE': 'instance' }),
		credentials: () => ({
			googleApi: {
				email: GOOGLE_EMAIL,
				privateKey: GOOGLE_KEY,
				inpersonate: false,
				httpNode: true,
				scopes: 'https://www.googleapis.com/auth/cloud-platform',
			},
		}),
	},
	graylog: {
		contracts: [graylog],
		idempotency: none,
		typed: (url) => ({ 'http://YOUR-GRAYLOG:12201': url }),
	},
	halopsa: {
		contracts: [halopsa],
		idempotency: 'look-up by the key in the summary',
		lives: true,
		typed: (url) => ({ 'https://YOUR-HALO': url }),
		credentials: (url) => ({
			haloPSAApi: {
				hostingType: 'onPremise',
				authUrl: `${url}/auth`,
				resourceApiUrl: `${url}/api`,
				client_id: 'halo-app',
				client_secret: 'halo-secret',
				scope: 'admin edit:tickets edit:customers',
			},
			oAuth2Api: {
				grantType: 'clientCredentials',
				accessTokenUrl: `${url}/auth/token`,
				clientId: 'halo-app',
				clientSecret: 'halo-secret',
				scope: 'all',
				authentication: 'body',
				sendAdditionalBodyProperties: false,
				additionalBodyProperties: '',
			},
		}),
	},
	insightidr: {
		contracts: [insightIdr],
		idempotency: none,
		typed: (url) => ({
			'https://YOUR-REGION.webhook.logs.insight.rapid7.com/v1/noformat/YOUR-LOG-TOKEN': `${url}/v1/noformat/idr-log-token`,
		}),
	},
	jira: {
		contracts: [jira],
		idempotency: 'look-up by label',
		typed: () => ({
			'"project":{"__rl":true,"mode":"list","value":""}':
				'"project":{"__rl":true,"mode":"id","value":"10000"}',
			'"issueType":{"__rl":true,"mode":"list","value":""}':
				'"issueType":{"__rl":true,"mode":"id","value":"10001"}',
		}),
		credentials: (domain) => ({
			jiraSoftwareCloudApi: { email: 'soc@example.com', apiToken: 'jira-token', domain },
		}),
	},
	'jira-lifecycle': {
		contracts: [jira],
		idempotency: 'look-up by label, a property',
		lives: true,
		typed: (url) => ({
			'https://YOUR-COMPANY.atlassian.net': url,
			'YOUR-PROJECT': 'SOC',
		}),
		credentials: (domain) => ({
			jiraSoftwareCloudApi: { email: 'soc@example.com', apiToken: 'jira-token', domain },
		}),
	},
	line: {
		contracts: [line],
		idempotency: 'native: `X-Line-Retry-Key`, for 24 hours',
		host: 'api.line.me',
		typed: () => ({ 'YOUR-USER-OR-GROUP-ID': LINE_GROUP }),
		credentials: () => ({
			httpHeaderAuth: { name: 'Authorization', value: 'Bearer line-token' },
		}),
	},
	logstash: {
		contracts: [logstash],
		idempotency: none,
		typed: (url) => ({ 'https://YOUR-LOGSTASH:8080': url }),
		credentials: () => ({ httpBasicAuth: { user: 'logstash', password: 'logstash-password' } }),
	},
	'microsoft-teams': {
		contracts: [microsoftTeams],
		idempotency: none,
		typed: (url) => ({
			'https://YOUR-TEAMS-WORKFLOW-ADDRESS': `${url}/workflows/one/triggers/manual/paths/invoke?sig=teams-signature`,
		}),
	},
	misp: {
		contracts: [misp],
		idempotency: 'look-up by `uuid`; native: `uuid`',
		typed: (url) => ({ 'https://YOUR-MISP': url }),
		credentials: (baseUrl) => ({
			mispApi: { apiKey: 'misp-key', baseUrl, allowUnauthorizedCerts: false },
		}),
	},
	'mssp-by-site': {
		contracts: [customer('1001'), customer('1002')],
		idempotency: none,
		typed: (one, two = '') => ({
			'https://customer-one.example.com/alerts': `${one}/alerts`,
			'https://customer-two.example.com/alerts': `${two}/alerts`,
		}),
	},
	opencti: {
		contracts: [openCti],
		idempotency: 'native: `stix_id`; name and time',
		typed: (url) => ({ 'https://YOUR-OPENCTI': url }),
		credentials: () => ({ openCtiApi: { apiKey: 'opencti-key' } }),
	},
	pagerduty: {
		contracts: [pagerduty],
		idempotency: 'native: `dedup_key`',
		host: 'events.pagerduty.com',
		credentials: () => ({
			httpCustomAuth: { json: '{ "body": { "routing_key": "pagerduty-routing-key" } }' },
		}),
	},
	sentinel: {
		contracts: [sentinel],
		idempotency: none,
		typed: (url) => ({ 'https://YOUR-ENDPOINT.ingest.monitor.azure.com': url }),
		credentials: (url) => ({
			oAuth2Api: {
				grantType: 'clientCredentials',
				accessTokenUrl: `${url}/oauth2/v2.0/token`,
				clientId: 'app',
				clientSecret: 'app-secret',
				scope: 'https://monitor.azure.com//.default',
				authentication: 'body',
				sendAdditionalBodyProperties: false,
				additionalBodyProperties: '',
			},
		}),
	},
	servicenow: {
		contracts: [servicenow],
		idempotency: 'look-up by `correlation_id`',
		host: 'your-instance.service-now.com',
		credentials: () => ({
			serviceNowBasicApi: { user: 'cynet', password: 'snow-password', subdomain: 'your-instance' },
		}),
	},
	'servicenow-lifecycle': {
		contracts: [servicenow],
		idempotency: 'look-up by `correlation_id`, `correlation_display`',
		lives: true,
		typed: (url) => ({ 'https://YOUR-INSTANCE.service-now.com': url }),
		credentials: () => ({
			serviceNowBasicApi: { user: 'cynet', password: 'snow-password', subdomain: 'your-instance' },
		}),
	},
	'slack-triage': { contracts: [slack], idempotency: none, ...SLACK },
	'splunk-hec': {
		contracts: [splunkHec],
		idempotency: none,
		typed: (url) => ({ 'https://YOUR-SPLUNK:8088': url }),
		credentials: () => ({ httpHeaderAuth: { name: 'Authorization', value: 'Splunk hec-token' } }),
	},
	telegram: {
		contracts: [telegram],
		idempotency: none,
		typed: () => ({ 'YOUR-CHAT-ID': '-100200' }),
		credentials: (baseUrl) => ({ telegramApi: { accessToken: TELEGRAM_TOKEN, baseUrl } }),
	},
	thehive: {
		contracts: [thehive],
		idempotency: 'look-up by `sourceRef`; native: `type`, `source`, `sourceRef`',
		credentials: (url) => ({
			theHiveProjectApi: { ApiKey: 'hive-key', url, allowUnauthorizedCerts: false },
		}),
	},
};
