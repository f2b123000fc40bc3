import { stdin, stderr, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { flawOf } from '../nodes/shared/api/credential.ts';
import { sentences } from '../nodes/shared/api/reasons.ts';
import { diagnoseServer, type Diagnosed } from '../nodes/shared/diagnose/diagnose.ts';
import { terminalLine } from './line.mts';

const HELP = `Asks a Cynet server what is not documented, and writes a report that can be shared.
It only reads: up to 60 requests, one a second, with both kinds of login.

Usage: npm run diagnose -- [options]

  --authentication <kind>     accountToken or v2Login (accountToken)
  --foreign-client-id <id>    a Client ID that is not yours
  --remediation-ids <list>    numbers of remediations, with commas; five at most
  --site-guid <guid>          to look at the ESPM lists as well
  --watch                     looks at the list of alerts for 30 minutes
  --token-life                finds out how long a token lives: up to three hours
  --ignore-ssl-issues         takes any certificate
  --json                      writes all as JSON
  --help                      this text

Address, keys and site are asked for, or taken from CYNET_BASE_URL, CYNET_ACCESS_KEY,
CYNET_SECRET_KEY and CYNET_CLIENT_ID. The secret is never an option: others could read it there.
`;

const OPTIONS = {
	authentication: { type: 'string', default: 'accountToken' },
	'foreign-client-id': { type: 'string' },
	'remediation-ids': { type: 'string', default: '' },
	'site-guid': { type: 'string' },
	watch: { type: 'boolean', default: false },
	'token-life': { type: 'boolean', default: false },
	'ignore-ssl-issues': { type: 'boolean', default: false },
	json: { type: 'boolean', default: false },
	help: { type: 'boolean', default: false },
} as const;

/** What the environment holds, or what someone types. */
async function answerTo(name: string, question: string, isSecret = false): Promise<string> {
	const given = process.env[name];
	if (given !== undefined && given !== '') return given;
	// Nothing that is typed is shown.
	const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
	stderr.write(`${question}: `);
	const lines = createInterface({
		input: stdin,
		output: isSecret ? silence : stderr,
		terminal: stdin.isTTY,
	});
	try {
		return await lines.question('');
	} finally {
		lines.close();
		if (isSecret) stderr.write('\n');
	}
}

/** As one reads it: a verdict a paragraph, then what to change, then the report. */
function inWords({ verdicts, settings, note, report }: Diagnosed): string {
	const held = (holds: boolean | null) =>
		holds === null ? 'not decided' : holds ? 'as taken for granted' : 'OTHERWISE';
	return [
		...verdicts.map(
			({ question, seen, assumed, holds }) =>
				`${question}\n  ${seen} (${held(holds)})\n  Taken for granted: ${assumed}`,
		),
		...(settings.length > 0 ? ['To change:'] : []),
		...settings.map(({ setting, to, why }) => `  ${setting}: ${to}. ${why}`),
		note,
		...(report === null ? [] : [JSON.stringify(report, null, 2)]),
	].join('\n');
}

async function main(): Promise<void> {
	const { values } = parseArgs({ options: OPTIONS });
	if (values.help) return void stdout.write(HELP);
	const credential = {
		baseUrl: await answerTo(
			'CYNET_BASE_URL',
			'Base URL, such as https://your-domain.api.cynet.com',
		),
		authentication: values.authentication,
		username: await answerTo('CYNET_ACCESS_KEY', 'Username or access key'),
		password: await answerTo('CYNET_SECRET_KEY', 'Password or secret key', true),
		clientId: await answerTo('CYNET_CLIENT_ID', 'Client ID'),
		allowUnauthorizedCerts: values['ignore-ssl-issues'],
	};
	const flaw = flawOf(credential);
	if (flaw !== null) throw new Error(sentences(flaw));
	const remediationIds = values['remediation-ids']
		.split(',')
		.filter((id) => /^-?\d{1,20}$/.test(id));
	const diagnosed = await diagnoseServer(
		terminalLine,
		credential,
		{
			foreignClientId: values['foreign-client-id'],
			remediationIds: remediationIds.slice(0, 5),
			siteGuid: values['site-guid'],
			watchMinutes: values.watch ? 30 : 0,
			tokenLife: values['token-life'],
		},
		(question, asked) => stderr.write(`[${asked}/60] ${question}\n`),
	);
	stdout.write(`${values.json ? JSON.stringify(diagnosed, null, 2) : inWords(diagnosed)}\n`);
}

main().catch((error: unknown) => {
	stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
