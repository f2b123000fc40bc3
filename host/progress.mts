import { spawn } from 'node:child_process';

export type Say = (line: string) => void;

const EVERY_MS = 5000;

/**
 * Tells every few seconds how long a piece of work has lasted and how large its folder has grown, and at the end both.
 * The work may add a word on how far it is.
 */
export async function withProgress<T>(
	what: string,
	folder: string,
	say: Say,
	work: (tell: (state: string) => void) => Promise<T>,
): Promise<T> {
	const start = performance.now();
	let told = '';
	const state = async (): Promise<string> =>
		[seconds(start), await sizeOf(folder), ...(told === '' ? [] : [told])].join(', ');
	let over = false;
	let measuring = false;
	const tick = setInterval(() => {
		if (measuring) return;
		measuring = true;
		void state().then((text) => {
			measuring = false;
			if (!over) say(`  ${what}: ${text}`);
		});
	}, EVERY_MS);
	try {
		say(`${what} …`);
		const result = await work((text) => (told = text));
		over = true;
		say(`${what}: done (${await state()})`);
		return result;
	} finally {
		over = true;
		clearInterval(tick);
	}
}

export const seconds = (start: number): string =>
	`${Math.round((performance.now() - start) / 1000)} s`;

/** The size of a folder in words; `du` is far quicker than walking two hundred thousand files in here. */
async function sizeOf(folder: string): Promise<string> {
	const kilobytes = await new Promise<number>((resolve) => {
		let text = '';
		const du = spawn('du', ['-sk', folder], { stdio: ['ignore', 'pipe', 'ignore'] });
		du.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
		du.once('error', () => resolve(0)).once('close', () => resolve(Number.parseInt(text, 10) || 0));
	});
	return kilobytes > 1_000_000
		? `${(kilobytes / 1_048_576).toFixed(1)} GB`
		: `${Math.round(kilobytes / 1024)} MB`;
}
