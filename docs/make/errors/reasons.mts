import type { Reason } from '../../../nodes/shared/api/reasons.ts';
import type { Words } from './words.mts';

type Part = Partial<Record<Reason, Words>>;

/** Found before any request. */
export const CREDENTIAL = {
	baseUrlInvalid: { cause: 'Base URL holds no web address', when: 'Base URL is `cynet`' },
	baseUrlPlain: {
		cause: 'Base URL starts with http:// and leads to another machine',
		when: 'Base URL is the http address of another machine, and Ignore SSL Issues (Insecure) is off',
	},
	usernameMissing: { cause: 'The field was left empty', when: 'Username or Access Key is blank' },
	passwordMissing: { cause: 'The field was left empty', when: 'Password or Secret Key is empty' },
	clientIdMissing: { cause: 'The field was left empty', when: 'Client ID is blank' },
} satisfies Part;

/** Said by the credential in whatever node it is used. */
export const ELSEWHERE = {
	otherServer: {
		cause:
			'The address, a page that follows, or one that only looks like Base URL is on another server',
		when: 'An HTTP Request node with this credential names an address with another scheme, host or port than Base URL, or with a user name in it',
	},
	otherHost: {
		cause: 'A server that several share would take the request for one to that host',
		when: 'An HTTP Request node with this credential sets the header Host',
	},
	throughProxy: {
		cause: 'Whoever runs the proxy may read what passes through it',
		when: 'An HTTP Request node with this credential has the option Proxy',
	},
	tokenNotReady: {
		cause: 'A node or a version of n8n that does not exchange the keys when it is told to',
		when: 'The credential names another account than the one whose token is stored, and n8n does not exchange the keys',
	},
} satisfies Part;

export const LOGIN = {
	keysRejected: {
		cause: 'One of the two keys is wrong, or the API user is not active',
		when: 'The login is answered with status 401 or 403 and JSON',
	},
	loginRefused: {
		cause: 'The server expects the other kind of login, or this is not the API',
		when: 'The login is answered with status 400, 415, 422 or another that says no',
	},
	loginNotFound: {
		cause: 'The host is another one than that of the API, or the server has only the other login',
		when: 'The login is answered with status 404 or 405',
	},
	tokenMissing: {
		cause: 'Something answers at this address that is not the login of Cynet',
		when: 'The login is answered with JSON that holds no token',
	},
} satisfies Part;

export const CREDENTIAL_TEST = {
	siteRejected: {
		cause:
			'The keys are right; the Client ID is of another customer, or the token travels in the wrong header',
		when: 'The test may log in, but the list of alerts is answered with status 401',
	},
	siteForbidden: {
		cause:
			'The Client ID is of a site that this API user may not see, or its role has no access to the API',
		when: 'The test may log in, but the list of alerts is answered with status 403',
	},
	clientIdWrong: {
		cause: 'A name was entered in the place of the number',
		when: 'A request or the test is answered with status 400, 401 or 403, and the Client ID is `acme`',
	},
	listMissing: {
		cause: 'The server is an older one, or Base URL has a path too many',
		when: 'The test may log in, but the list of alerts is answered with status 404 or 405',
	},
} satisfies Part;

export const ANSWER = {
	unauthorized: {
		cause:
			"Something else logs in with the same keys and ends our token each time, the keys were withdrawn, or the site is another customer's",
		when: 'A request is answered with status 401, and with three fresh tokens again',
	},
	forbidden: {
		cause: "The role of the API user does not allow this, or the site is another customer's",
		when: 'A request is answered with status 403',
	},
	notFound: {
		cause: 'Base URL has a path too many, or the server or licence lacks the function',
		when: 'A request is answered with status 404',
	},
	refused: {
		cause: 'The server takes a value of the request for wrong',
		when: 'A request is answered with status 400, 409 or another that says no',
	},
	tooLarge: {
		cause: 'The rows of a page hold very much, or the server does not know pages',
		when: 'An answer holds more than 32 MB once it is unpacked',
	},
	notExpected: {
		cause: 'The server answers this operation in a way that is not known',
		when: 'The count of alerts is answered with something that is no number',
	},
	notAccepted: {
		cause: 'An answer with a good status that names no remediation, or speaks of an error',
		when: 'A remediation is answered with status 200 and `{"Message":"Host not found"}`',
	},
	pagesIgnored: {
		cause: 'The server gives out changed alerts in one page only',
		when: 'Alert: Get Many by Last Changed asks for a second page and is given the first again',
	},
	hostMissing: {
		cause: 'There is no host of this name at the site',
		when: 'Host: Get asks for a name that Cynet does not know',
	},
	severalHosts: {
		cause: 'A host is its name and its disk: a machine set up anew is a second host of the name',
		when: 'Host: Get asks for a name that Cynet has twice',
	},
	userMissing: {
		cause: 'There is no user of this name at the site',
		when: 'User: Get asks for a name that Cynet does not know',
	},
	remediationMissing: {
		cause: 'The number was never given out at this site',
		when: 'File: Get Remediation asks for a number that Cynet does not know',
	},
	notLicensed: {
		cause: 'The report belongs to an add-on that the site does not have',
		when: 'Vulnerability: Get Many asks for an ESPM report and is answered with status 403 or 404',
	},
} satisfies Part;

/** No answer, none yet, or one from something in between. Waiting can help with all but the first four. */
export const WAY = {
	certificate: {
		cause:
			'An on-premises server vouches for itself, or Base URL names the server otherwise than its certificate does',
		when: 'The server shows a certificate that nobody vouches for',
	},
	addressBlocked: {
		cause:
			'The guard of n8n against requests into the own network (SSRF) is on, and the server is in it',
		when: 'Base URL leads to an address that the guard of n8n does not allow',
	},
	cancelled: {
		cause: 'Someone stopped the execution',
		when: 'The execution is stopped while a request is under way',
	},
	notSent: {
		cause:
			'n8n itself refuses: no credential is chosen, or it does not allow the address. Where n8n says why, its words stand in the place of the remedy',
		when: 'The node Cynet runs without a credential',
	},
	forbiddenSilently: {
		cause:
			'The role of the API user does not allow this, or a firewall or proxy answers in the place of Cynet',
		when: 'A request or a login is answered with status 403 and nothing else',
	},
	redirected: {
		cause:
			'Base URL is an address that sends visitors on, such as that of the console, or a proxy does',
		when: 'A request is answered with a redirect',
	},
	webPage: {
		cause:
			'Base URL is the address of the console, or a proxy, a firewall or maintenance shows a page of its own',
		when: 'A request or a login is answered with a web page, whatever its status',
	},
	unreadable: {
		cause: 'Something else than the API answers',
		when: 'A request is answered with text that is not JSON',
	},
	noList: {
		cause: 'Cynet met an error and says so with status 200, or something else than its API answers',
		when: 'The list of alerts is answered with JSON that is no list, with words of an error and no alerts, with nothing, or with status 202 or 206 and no alerts',
	},
	certificateEarly: {
		cause: 'The clock of this machine is behind, or the certificate was made for later',
		when: 'The server shows a certificate that is not valid yet',
	},
	inBetween: {
		cause: 'A proxy wants its own password, or the network wants a sign-in',
		when: 'A request is answered with status 407 or 511',
	},
	credentialUnread: {
		cause: 'The store of secrets that the credential names is away, or the database of n8n is busy',
		when: 'n8n cannot read the credential',
	},
	rateLimited: {
		cause: 'Too much is asked of the account',
		when: 'A request is answered with status 429',
	},
	unavailable: {
		cause: 'The server or something before it is down',
		when: 'A request is answered with status 425, 500 or higher',
	},
	timedOut: {
		cause: 'The server is slow, or a firewall swallows the request',
		when: 'No byte comes for 30 seconds, the whole answer takes longer than a minute or the time that is left, or it has status 408',
	},
	hostUnknown: {
		cause: 'Base URL has a typing slip, or n8n has no network',
		when: 'The name in Base URL cannot be looked up',
	},
	unreachable: {
		cause: 'Nothing listens there, or a firewall closes the connection',
		when: 'The connection is refused or reset',
	},
	insecure: {
		cause: 'Base URL says https where the server speaks http, or the port is wrong',
		when: 'The server does not answer in TLS',
	},
	broken: {
		cause: 'The connection ended in the middle of an answer',
		when: 'The answer ends before it is complete',
	},
} satisfies Part;

/** All of them; one that is missing does not compile. */
export const REASON_WORDS: Readonly<Record<Reason, Words>> = {
	...CREDENTIAL,
	...ELSEWHERE,
	...LOGIN,
	...CREDENTIAL_TEST,
	...ANSWER,
	...WAY,
};
