import type { Reason } from '../../../nodes/shared/api/reasons.ts';
import type { Words } from './words.mts';

type Part = Partial<Record<Reason, Words>>;

/** Found before any request. */
export const CREDENTIAL = {
	baseUrlInvalid: { cause: 'Base URL holds no web address', when: 'Base URL is `cynet`' },
	usernameMissing: { cause: 'The field was left empty', when: 'Username or Access Key is blank' },
	passwordMissing: { cause: 'The field was left empty', when: 'Password or Secret Key is empty' },
	clientIdMissing: { cause: 'The field was left empty', when: 'Client ID is blank' },
} satisfies Part;

export const LOGIN = {
	keysRejected: { cause: 'One of the two keys is wrong, or the API user is not active', when: 'The login is answered with status 401 or 403' },
	loginRefused: { cause: 'The server expects the other kind of login, or this is not the API', when: 'The login is answered with status 400, 415, 422 or another that says no' },
	loginNotFound: { cause: 'The host is another one than that of the API, or the server has only the other login', when: 'The login is answered with status 404 or 405' },
	tokenMissing: { cause: 'Something answers at this address that is not the login of Cynet', when: 'The login is answered with JSON that holds no token' },
} satisfies Part;

export const CREDENTIAL_TEST = {
	siteRejected: { cause: 'The keys are right; the Client ID is of another customer, or the token travels in the wrong header', when: 'The test may log in, but the list of alerts is answered with status 401' },
	listMissing: { cause: 'The server is an older one, or Base URL has a path too many', when: 'The test may log in, but the list of alerts is answered with status 404 or 405' },
} satisfies Part;

export const ANSWER = {
	unauthorized: { cause: "The keys were withdrawn, or the site is another customer's", when: 'A request is answered with status 401, and with a fresh token again' },
	forbidden: { cause: "The role of the API user does not allow this, or the site is another customer's", when: 'A request is answered with status 403' },
	notFound: { cause: 'Base URL has a path too many, or the server or licence lacks the function', when: 'A request is answered with status 404' },
	refused: { cause: 'The server takes a value of the request for wrong', when: 'A request is answered with status 400, 409 or another that says no' },
	redirected: { cause: 'Base URL is an address that sends visitors on, such as that of the console', when: 'A request is answered with a redirect' },
	webPage: { cause: 'Base URL is the address of the console, or a proxy shows its own page', when: 'A request is answered with a web page' },
	unreadable: { cause: 'Something else than the API answers', when: 'A request is answered with text that is not JSON' },
	notAList: { cause: 'Something else than the API of Cynet answers', when: 'The list of alerts is answered with JSON that is no list' },
	notExpected: { cause: 'The server answers this operation in a way that is not known', when: 'The count of alerts is answered with something that is no number' },
	pagesIgnored: { cause: 'The server gives out changed alerts in one page only', when: 'Alert: Get Many by Last Changed asks for a second page and is given the first again' },
	hostMissing: { cause: 'There is no host of this name at the site', when: 'Host: Get asks for a name that Cynet does not know' },
	userMissing: { cause: 'There is no user of this name at the site', when: 'User: Get asks for a name that Cynet does not know' },
	remediationMissing: { cause: 'The number was never given out at this site', when: 'File: Get Remediation asks for a number that Cynet does not know' },
	notLicensed: { cause: 'The report belongs to an add-on that the site does not have', when: 'Vulnerability: Get Many asks for an ESPM report and is answered with status 403 or 404' },
} satisfies Part;

/** No answer, or none yet. */
export const WAY = {
	certificate: { cause: 'An on-premises server vouches for itself, or Base URL names the server otherwise than its certificate does', when: 'The server shows a certificate that nobody vouches for' },
	cancelled: { cause: 'Someone stopped the execution', when: 'The execution is stopped while a request is under way' },
	notSent: { cause: 'n8n itself refuses: no credential is chosen, or it does not allow the address. Where n8n says why, its words stand in the place of the remedy', when: 'The node Cynet runs without a credential' },
	rateLimited: { cause: 'Too much is asked of the account', when: 'A request is answered with status 429' },
	unavailable: { cause: 'The server or something before it is down', when: 'A request is answered with status 500 or higher' },
	timedOut: { cause: 'The server is slow, or a firewall swallows the request', when: 'No answer comes within 30 seconds, or one with status 408' },
	hostUnknown: { cause: 'Base URL has a typing slip, or n8n has no network', when: 'The name in Base URL cannot be looked up' },
	unreachable: { cause: 'Nothing listens there, or a firewall closes the connection', when: 'The connection is refused or reset' },
	insecure: { cause: 'Base URL says https where the server speaks http, or the port is wrong', when: 'The server does not answer in TLS' },
	broken: { cause: 'The connection ended in the middle of an answer', when: 'The answer ends before it is complete' },
} satisfies Part;

/** All of them; one that is missing does not compile. */
export const REASON_WORDS: Readonly<Record<Reason, Words>> = { ...CREDENTIAL, ...LOGIN, ...CREDENTIAL_TEST, ...ANSWER, ...WAY };
