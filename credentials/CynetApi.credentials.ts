import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

import { authenticate } from '../nodes/shared/api/authenticate';
import { AS_ENTERED } from '../nodes/shared/api/entered';
import { renew } from '../nodes/shared/api/renew';

/** Stands apart because lint takes its name for a secret's, and n8n's editor would blank the switch of a secret. */
const ignoreSslIssues: INodeProperties = {
	displayName: 'Ignore SSL Issues (Insecure)',
	name: 'allowUnauthorizedCerts',
	type: 'boolean',
	default: false,
	description:
		'Whether to connect even if the certificate of the server is not trusted, such as one that an on-premises server made itself, or if Base URL starts with http://',
};

export class CynetApi implements ICredentialType {
	name = 'cynetApi';

	displayName = 'Cynet API';

	icon: Icon = { light: 'file:../icons/cynet.svg', dark: 'file:../icons/cynet.dark.svg' };

	documentationUrl = 'https://www.npmjs.com/package/n8n-nodes-cynet';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://your-domain.api.cynet.com',
			description:
				'Address of the API, not of the console. An on-premises server usually has https://your-server:6443.',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{
					name: 'Account Token',
					value: 'accountToken',
					description: 'The login that Cynet documents. Works with all kinds of users.',
				},
				{
					name: 'Access Key Login',
					value: 'v2Login',
					description:
						'For servers that refuse Account Token. Takes the access key and the secret key of an API user.',
				},
			],
			default: 'accountToken',
			description: 'How to log in. If the server refuses one way, choose the other.',
		},
		{
			displayName: 'Username or Access Key',
			name: 'username',
			type: 'string',
			required: true,
			default: '',
			description:
				'Access key of an API user (console: Settings > API Users), or the user name of an on-premises console. Create one for this n8n alone: an API user has one valid token at a time, and every other login with the same keys ends it.',
		},
		{
			displayName: 'Password or Secret Key',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Secret key that belongs to the access key (the console shows it once), or the password of the on-premises user',
		},
		{
			// Not `required`: n8n would grey out Save and not say why. The test says what is missing
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 2251997',
			description:
				'Number of the site, always needed. The console shows it under Global Settings > Client Site Manager > Sites Status. If you have a single site, ask Cynet support.',
		},
		ignoreSslIssues,
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		{
			// This and what follows is declared because n8n reads back only declared fields
			displayName: 'Access Token Expires At',
			name: 'accessTokenExpiresAt',
			type: 'hidden',
			typeOptions: { password: true },
			default: '',
		},
		{
			displayName: 'Access Token Fingerprint',
			name: 'accessTokenFingerprint',
			type: 'hidden',
			typeOptions: { password: true },
			default: '',
		},
		{
			displayName: 'As Entered',
			name: 'asEntered',
			type: 'hidden',
			default: AS_ENTERED,
		},
	];

	/** Called by n8n when there is no token, and when a request went wrong. n8n stores what it returns. */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await renew(this.helpers.httpRequest, credentials);
	}

	authenticate: IAuthenticate = authenticate;
}
