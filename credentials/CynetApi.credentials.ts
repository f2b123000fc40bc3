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
		'Whether to connect even if the certificate of the server is not trusted, as with an on-premises server that has a certificate of its own, or if Base URL starts with http://',
};

export class CynetApi implements ICredentialType {
	name = 'cynetApi';

	displayName = 'Cynet API';

	icon: Icon = { light: 'file:../icons/cynet.svg', dark: 'file:../icons/cynet.dark.svg' };

	documentationUrl = 'https://help.api.cynet.com';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://your-domain.api.cynet.com',
			description:
				'Address of the API, not of the console. On-premises servers usually listen on https://your-server:6443.',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{
					name: 'Account Token',
					value: 'accountToken',
					description: 'What the vendor documents',
				},
				{
					name: 'Login V2',
					value: 'v2Login',
					description:
						'For servers that refuse the other one; takes the access key and the secret key of an API user',
				},
			],
			default: 'accountToken',
			description: 'How to log in. Try the other one if the server refuses this one.',
		},
		{
			displayName: 'Username or Access Key',
			name: 'username',
			type: 'string',
			required: true,
			default: '',
			description:
				'Access key of an API user, made in the console under Settings > API Users, or the user name of an on-premises console. Make one for this n8n alone: an API user has one valid token at a time, and every other login with the same keys ends it.',
		},
		{
			displayName: 'Password or Secret Key',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'The secret that belongs to the access key, which the console shows once, or the password of the on-premises user',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 2251997',
			description:
				'Number of the site. The console shows it under Global Settings > Client Site Manager > Sites Status; with a single site, Cynet support tells it.',
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
