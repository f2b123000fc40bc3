import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

type Credential = ICredentialDataDecryptedObject;

/** The fields that a user may fill in with an expression; the last two are n8n's own. */
const FIELDS = [
	'baseUrl',
	'authentication',
	'username',
	'password',
	'clientId',
	'allowUnauthorizedCerts',
	'allowedHttpRequestDomains',
	'allowedDomains',
];

/**
 * For a hidden field of the credential. n8n before 2.34 stores a credential whose token it renewed
 * with what its expressions
 * came to for that item, and every later item gets the account of that one. There `$self` shows fields as they were
 * entered, so that they can be given back. Later versions keep expressions, and `$self` shows what they come to.
 */
export const AS_ENTERED = `={{ JSON.stringify({ ${FIELDS.map((field) => `${field}: $self["${field}"]`).join(', ')} }) }}`;

/** What the expressions of a credential came to, after n8n was given them back. */
const resolved = new WeakMap<Credential, Credential>();

/** The credential with what its expressions come to, also after {@link handBack}. */
export function whole(handed: Credential): Credential {
	return { ...handed, ...resolved.get(handed) };
}

/**
 * The expressions of a credential, to be returned to n8n with a token. n8n then has them in this
 * object too: from now on
 * {@link whole} knows better.
 *
 * @param handed the very object that n8n works with
 */
export function handBack(handed: Credential): Record<string, string> {
	const credential = whole(handed);
	const expressions = Object.entries(parse(credential.asEntered)).filter(
		(field): field is [string, string] =>
			FIELDS.includes(field[0]) && typeof field[1] === 'string' && field[1].startsWith('='),
	);
	if (expressions.length > 0) resolved.set(handed, pick(credential, ['asEntered', ...FIELDS]));
	return { ...Object.fromEntries(expressions), asEntered: AS_ENTERED };
}

function parse(text: unknown): object {
	try {
		return Object(JSON.parse(String(text))) as object;
	} catch {
		return {};
	}
}

function pick(credential: Credential, names: readonly string[]): Credential {
	return Object.fromEntries(Object.entries(credential).filter(([name]) => names.includes(name)));
}
