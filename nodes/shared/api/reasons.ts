import { ADDRESS, permanent, transient, type Explanation } from './explanation';

/** A request of another node that is not sent, so that the token stays with its server. */
const ELSEWHERE = {
	otherServer: permanent(
		'configuration-invalid',
		'The token of the Cynet API credential is sent only to its own server, and this request goes to another',
		'Start the address with the scheme, host and port of Base URL in the Cynet API credential, or choose the credential of that other server',
	),
	otherHost: permanent(
		'configuration-invalid',
		'The token of the Cynet API credential is sent only to its own server, and this request names another host',
		'Remove the header Host from the node',
	),
	throughProxy: permanent(
		'configuration-invalid',
		'The token of the Cynet API credential is not sent through a proxy that a node names',
		'Remove Proxy from the options of the node. The administrator of n8n can set a proxy for all of n8n with HTTPS_PROXY',
	),
	tokenNotReady: permanent(
		'credential-invalid',
		'The stored token does not belong to the Cynet API credential as it is now, or may have ended',
		'Save the Cynet API credential again, and run the node once more',
	),
} as const;

/** From something in between, most likely; from a wrong address where it never worked. A third try shows the same. */
const notTheApi = (message: string, description: string): Explanation =>
	transient('temporarily-unavailable', message, description, { maybeMistyped: true, tries: 2 });

/**
 * Everything that can keep an answer from us, and what a user is told about it. No angle brackets:
 * n8n's editor renders HTML.
 */
export const REASONS = {
	// The credential as it was filled in, found before any request
	baseUrlInvalid: permanent(
		'configuration-invalid',
		'Base URL is not a web address',
		`Set Base URL in the Cynet API credential to ${ADDRESS}`,
	),
	baseUrlPlain: permanent(
		'configuration-invalid',
		'Base URL would send keys and alerts in the clear',
		`Set Base URL in the Cynet API credential to ${ADDRESS}. In a lab where nobody else can listen, turn on Ignore SSL Issues (Insecure) there to use http:// all the same`,
	),
	usernameMissing: permanent(
		'credential-invalid',
		'Username or Access Key is empty',
		'Fill in Username or Access Key in the Cynet API credential',
	),
	passwordMissing: permanent(
		'credential-invalid',
		'Password or Secret Key is empty',
		'Fill in Password or Secret Key in the Cynet API credential',
	),
	clientIdMissing: permanent(
		'configuration-invalid',
		'Client ID is empty',
		'Fill in Client ID in the Cynet API credential. The console shows it under Global Settings > Client Site Manager > Sites Status; with a single site, Cynet support tells it',
	),

	...ELSEWHERE,

	// The login
	keysRejected: permanent(
		'credential-invalid',
		'Cynet does not accept the username and password',
		'Check Username or Access Key and Password or Secret Key in the Cynet API credential, and that the API user is active in the console',
	),
	loginRefused: permanent(
		'configuration-invalid',
		'Cynet refuses this kind of login',
		'In the Cynet API credential check the Base URL, or choose the other Authentication',
	),
	loginNotFound: permanent(
		'configuration-invalid',
		'There is no Cynet API login at this address',
		`Set Base URL in the Cynet API credential to ${ADDRESS}. If it is right already, choose the other Authentication`,
	),
	tokenMissing: permanent(
		'configuration-invalid',
		'The answer to the login has no token',
		`Set Base URL in the Cynet API credential to ${ADDRESS}. If it is right already, choose the other Authentication`,
	),

	// The credential test, once a token was issued
	siteRejected: permanent(
		'credential-invalid',
		'Cynet issued a token but does not accept it for this site',
		'Check Client ID in the Cynet API credential, or choose the other Authentication',
	),
	listMissing: permanent(
		'configuration-invalid',
		'The keys are right, but there is no list of alerts at this address',
		'Remove any path from Base URL in the Cynet API credential. Older on-premises servers lack the paged list (/api/alerts/bulk): there the trigger reads /api/alerts, and this message can be ignored',
	),

	siteForbidden: permanent(
		'credential-invalid',
		'Cynet accepts the keys, but does not let them read this site',
		'Check that Client ID in the Cynet API credential is the number of a site that the API user may see. If it is, give the role of the API user access to the API',
	),
	clientIdWrong: permanent(
		'credential-invalid',
		'The Client ID is not the number of a site',
		'Cynet refused the request, and the Client ID in the Cynet API credential or in the options of the node is not a number. Set it to one such as 2251997. The console shows it under Global Settings > Client Site Manager > Sites Status',
	),

	// The answer
	unauthorized: permanent(
		'credential-invalid',
		'Cynet does not accept the credential',
		'A fresh token was refused as well. One API user has one valid token: give this n8n an API user of its own, which nothing else logs in with. Else check Username or Access Key, Password or Secret Key and Client ID in the Cynet API credential',
	),
	forbidden: permanent(
		'credential-invalid',
		'Cynet does not let the API user do this',
		'Give the role of the API user access to the API, and check that Client ID is a site this user may see',
	),
	notFound: permanent(
		'configuration-invalid',
		'Cynet does not know this address',
		`Set Base URL in the Cynet API credential to ${ADDRESS}, without a path. Older servers and smaller licences lack some functions`,
	),
	refused: permanent(
		'configuration-invalid',
		'Cynet refuses the request',
		'Check the Base URL and the Client ID in the Cynet API credential, and the values given to the node',
	),
	forbiddenSilently: notTheApi(
		'Cynet, or something in front of it, does not allow this and does not say why',
		'Try again later: a proxy or firewall may be behind it. If this never worked: check that the API user is active, that its role has access to the API, and that Client ID is a site this user may see',
	),
	redirected: notTheApi(
		'The address answers with a redirect',
		`Try again later: a proxy may be behind it. If this never worked: set Base URL in the Cynet API credential to ${ADDRESS}. Redirects are not followed, so that the token reaches no other host`,
	),
	webPage: notTheApi(
		'Cynet answered with a web page instead of data',
		`Try again later: it may be the page of a proxy, of a firewall or of maintenance. If this never worked: set Base URL in the Cynet API credential to ${ADDRESS}, not to the address of the console`,
	),
	unreadable: notTheApi(
		'Cynet answered with something other than JSON',
		`Try again later: something between n8n and Cynet may have answered. If this never worked: set Base URL in the Cynet API credential to ${ADDRESS}`,
	),
	noList: notTheApi(
		'Cynet answered without a list of alerts',
		`Try again later. If it stays so, ask Cynet support with the time of this message. If this never worked: set Base URL in the Cynet API credential to ${ADDRESS}, and check that this server has the alerts API`,
	),
	tooLarge: {
		message: 'The answer from Cynet is larger than 32 MB',
		description: 'Lower Page Size in the options of the trigger, or choose a later Since',
		transient: false,
		maybeMistyped: false,
	},
	notExpected: permanent(
		'configuration-invalid',
		'The answer is not what this operation returns',
		`Check that Base URL in the Cynet API credential is ${ADDRESS}, and that this server has this function`,
	),
	notAccepted: {
		message: 'Cynet did not confirm that it accepted the request',
		description:
			'Look up the host or the file in the Cynet console: the action may have begun all the same. Run this item again only if nothing happened there',
		transient: false,
		maybeMistyped: false,
	},
	pagesIgnored: permanent(
		'configuration-invalid',
		'This server returns only the first page of changed alerts',
		'Choose a later Since, or choose Last Seen under Filter By',
	),
	hostMissing: permanent(
		'configuration-invalid',
		'Cynet does not know this host',
		'Check Host Name against the list that Get Many of the resource Host returns, and that Client ID is the site of the host',
	),
	severalHosts: permanent(
		'configuration-invalid',
		'Cynet knows several hosts of this name',
		'Look at them with Get Many of the resource Host: ClientDbId and HDSerial tell them apart. Cynet takes nothing but the name',
	),
	userMissing: permanent(
		'configuration-invalid',
		'Cynet does not know this user',
		'Check User Name against the list that Get Many of the resource User returns, and that Client ID is the site of the user',
	),
	remediationMissing: permanent(
		'configuration-invalid',
		'Cynet does not know this remediation',
		'Take Remediation ID from the output of the operation that began it, and check that Client ID is the same site',
	),
	notLicensed: permanent(
		'configuration-invalid',
		'This site is not licensed for ESPM, or the Site GUID is not known',
		'Check Site GUID and Client ID. If both are right, ask Cynet for the ESPM add-on, or choose another report',
	),

	// The way there
	certificate: permanent(
		'configuration-invalid',
		'The certificate of the server is not trusted',
		'Check the Base URL in the Cynet API credential. For an on-premises server with a certificate of its own, turn on Ignore SSL Issues (Insecure) there',
	),
	certificateEarly: transient(
		'temporarily-unavailable',
		'The certificate of the server is not valid yet',
		'Check the clock of the machine that n8n runs on. If it is right, try again later',
	),
	addressBlocked: permanent(
		'configuration-invalid',
		'n8n does not allow requests to this address',
		'Ask the administrator of n8n to add the address to N8N_SSRF_ALLOWED_IP_RANGES, or the host name to N8N_SSRF_ALLOWED_HOSTNAMES',
	),
	inBetween: transient(
		'temporarily-unavailable',
		'A proxy between n8n and Cynet does not let the request through',
		'Try again later. If it stays so, check HTTPS_PROXY and NO_PROXY of n8n, or ask who runs the proxy or the network',
	),
	credentialUnread: transient(
		'temporarily-unavailable',
		'n8n could not read the Cynet API credential',
		'Try again later. If it stays so, check the store of secrets that the credential names',
	),
	cancelled: {
		message: 'The request was cancelled',
		description: 'Run the workflow again when you want it to finish',
		transient: false,
		maybeMistyped: false,
	},
	notSent: {
		message: 'n8n could not send the request to Cynet',
		description: 'Check the Cynet API credential of this node',
		transient: false,
		maybeMistyped: true,
	},
	rateLimited: transient(
		'rate-limited',
		'Cynet is receiving too many requests',
		'Wait a little, or choose a longer interval under Poll Times',
	),
	unavailable: transient(
		'temporarily-unavailable',
		'Cynet is not available at the moment',
		'Try again later. The status page of the vendor is cynet.statuspage.io',
	),
	timedOut: transient(
		'temporarily-unavailable',
		'Cynet did not answer in time',
		'Try again later. If it stays so with a list of alerts, lower Page Size in the options of the trigger; else check Base URL in the Cynet API credential, and that a firewall lets n8n through',
		{ tries: 2 },
	),
	hostUnknown: transient(
		'temporarily-unavailable',
		'The host name in Base URL cannot be found',
		'Check Base URL in the Cynet API credential for typing slips, and that n8n has a network connection',
		{ maybeMistyped: true },
	),
	unreachable: transient(
		'temporarily-unavailable',
		'Could not connect to Cynet, or the connection was lost',
		'Try again later. If it stays so, check host and port of Base URL in the Cynet API credential, and that a firewall lets n8n through. Where only a proxy leads out, set HTTPS_PROXY for n8n',
	),
	insecure: transient(
		'temporarily-unavailable',
		'Could not make a secure connection to Cynet',
		'Try again later. If it stays so, check whether the Base URL in the Cynet API credential must start with https:// or http://, and its port',
		{ maybeMistyped: true },
	),
	broken: transient(
		'temporarily-unavailable',
		'The answer from Cynet is not complete',
		'Try again later. If it stays so, check for a proxy between n8n and Cynet',
	),
} as const satisfies Record<string, Explanation>;

export type Reason = keyof typeof REASONS;

/** What a user is told about a reason. */
export function explain(reason: Reason): Explanation {
	return REASONS[reason];
}

/** What to do next, and what the answer said. */
export function remedy(reason: Reason, detail?: string, said?: string): string {
	const next = detail ?? explain(reason).description;
	return said ? `${next}. The answer says: ${said}` : next;
}

/** What happened and what to do next in one text, for where n8n shows one. */
export function sentences(reason: Reason, detail?: string, said?: string): string {
	return `${explain(reason).message}. ${remedy(reason, detail, said)}.`;
}
