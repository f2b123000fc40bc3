import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { dataFolder } from './environment.mts';
import type { N8n } from './n8n.mts';
import { Reader } from './reader.mts';

/** One for each Node that runs an n8n. */
const readers = new Map<string, Reader>();

type Value = string | number | null;

/** The rows of a query on n8n's own database, SQLite or PostgreSQL; n8n may be running. */
export async function query<Row>(n8n: N8n, sql: string, ...values: Value[]): Promise<Row[]> {
	return n8n.postgres
		? await n8n.postgres.query<Row>(sql, values)
		: await read<Row[]>(n8n, { sql, values });
}

/** A secret that lies where it must not. */
interface Leak {
	/** The name given to the secret, so that no report repeats the secret itself. */
	readonly label: string;
	readonly form: string;
	/** A table and column, or a file. */
	readonly where: string;
}

/**
 * Searches all that n8n keeps for secrets, as they are and in the forms in which they travel: every
 * value of its database
 * (a value longer than a page does not lie in one piece in the file), and every byte of its files:
 * database, write-ahead log,
 * event log, and the log file.
 */
export async function findSecrets(
	n8n: N8n,
	secrets: Readonly<Record<string, string>>,
): Promise<Leak[]> {
	const needles = Object.entries(secrets).flatMap(([label, secret]) =>
		[...formsOf(secret)].map(([form, bytes]) => ({ label, form, bytes })),
	);
	const leaks = await read<Leak[]>(n8n, { needles });
	for (const file of [n8n.logFile, ...(await filesBelow(dataFolder(n8n.userFolder)))]) {
		const content = await readFile(file).catch(() => Buffer.alloc(0));
		for (const { label, form, bytes } of needles) {
			if (content.includes(bytes, 0, 'latin1'))
				leaks.push({ label, form, where: relative(n8n.userFolder, file) });
		}
	}
	return leaks;
}

/** How a text may be written down. */
function formsOf(secret: string): Map<string, string> {
	const forms = new Map([['as it is', secret]]);
	const add = (form: string, text: string): void => {
		if (![...forms.values()].includes(text)) forms.set(form, text);
	};
	const json = JSON.stringify(secret).slice(1, -1);
	add('JSON', json);
	add('JSON in JSON', JSON.stringify(json).slice(1, -1));
	add('URL', encodeURIComponent(secret));
	add('form', new URLSearchParams({ x: secret }).toString().slice(2));
	for (const before of [0, 1, 2]) {
		const base64 = base64Inside(secret, before);
		add(`base64 after ${before} bytes`, base64);
		add(`base64url after ${before} bytes`, base64.replaceAll('+', '-').replaceAll('/', '_'));
	}
	add('hex', Buffer.from(secret).toString('hex'));
	return forms;
}

/** The part of the base64 of a longer text that this text alone decides, if so many bytes (modulo 3) precede it. */
function base64Inside(text: string, before: number): string {
	const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
	const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
	return whole.slice(Math.ceil((before * 8) / 6));
}

async function filesBelow(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { withFileTypes: true });
	const nested = await Promise.all(
		entries.map(async (entry) => {
			const path = join(folder, entry.name);
			// Installed packages: our own code, which holds no secrets, and half a second of reading.
			if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : await filesBelow(path);
			return entry.isFile() ? [path] : [];
		}),
	);
	return nested.flat();
}

async function read<T>(
	{ installation: { node }, userFolder }: N8n,
	task: Readonly<Record<string, unknown>>,
): Promise<T> {
	const reader = readers.get(node) ?? new Reader(node);
	readers.set(node, reader);
	return await reader.read<T>({ file: join(dataFolder(userFolder), 'database.sqlite'), ...task });
}
