import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import type { Contract } from './contract.mts';
import { makeKept, type Receiver } from './receiver.mts';

// The package exports itself as CommonJS does, which its types do not say.
const { SMTPServer } = createRequire(import.meta.url)(
	'smtp-server',
) as typeof import('smtp-server');

const contract: Contract = {
	target: 'Email',
	source: 'smtp-server, a real SMTP server from npm',
	refusal: { status: 535 },
	isAllowed: () => true,
	routes: {},
	failure: (status) => ({ status: status === 429 ? 421 : 451 }),
};

/** The mail server has no other recipient that it does not know. */
export const UNKNOWN_RECIPIENT = 'nobody@example.com';

/** A mail server that keeps the keys in the mails it took. Failures are SMTP's own temporary ones, 421 and 451. */
export async function startMailServer(): Promise<Receiver> {
	const kept = makeKept();
	const state = {
		failEvery: 0,
		dislikes: '',
		portal: false,
		away: false,
		mails: 0,
		failed: 0,
		answers: {} as Record<number, number>,
		complaints: [] as string[],
	};
	const busy = (code: number): Error =>
		Object.assign(new Error('try again later'), { responseCode: code });
	const count = (code: number): void => void (state.answers[code] = (state.answers[code] ?? 0) + 1);
	const options: SMTPServerOptions = {
		disabledCommands: ['STARTTLS'],
		allowInsecureAuth: true,
		onConnect: (_, done) => done(state.away ? busy(421) : null),
		onAuth: ({ username, password }, _, done) => {
			if (username === 'mailer' && password === 'mail-password')
				return done(null, { user: username });
			state.complaints.push('AUTH with wrong credentials');
			done(new Error('Invalid username or password'));
		},
		onRcptTo: ({ address }, _, done) => {
			if (address !== UNKNOWN_RECIPIENT) return done();
			state.complaints.push(`RCPT TO:<${address}>`);
			done(Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 }));
		},
		onData: (stream, _, done) => {
			const chunks: Buffer[] = [];
			stream
				.on('data', (chunk: Buffer) => chunks.push(chunk))
				.on('end', () => {
					state.mails++;
					if (state.failEvery > 0 && state.mails % state.failEvery === 0) {
						const { status } = contract.failure(state.failed++ % 2 === 0 ? 429 : 500);
						count(status);
						return done(busy(status));
					}
					const text = decoded(Buffer.concat(chunks).toString());
					for (const key of new Set(text.match(/cynet:\d+:\d+/g) ?? [])) kept.take(key);
					count(250);
					done();
				});
		},
	};
	const server = new SMTPServer(options);
	server.on('error', () => undefined);
	const port = await new Promise<number>((resolve) => {
		const listening = server.listen(0, '127.0.0.1', () =>
			resolve((listening.address() as AddressInfo).port),
		);
	});
	return Object.assign(state, {
		contract,
		kept,
		port,
		url: `smtp://127.0.0.1:${port}`,
		close: async () => await new Promise<void>((resolve) => server.close(() => resolve())),
	});
}

/** A mail's text from quoted-printable or base64. */
function decoded(mail: string): string {
	const body = mail.slice(mail.indexOf('\r\n\r\n') + 4);
	if (/^content-transfer-encoding: *base64/im.test(mail))
		return Buffer.from(body, 'base64').toString();
	return body
		.replace(/=\r\n/g, '')
		.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
