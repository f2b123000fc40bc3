import { execFile } from 'node:child_process';
import {
	copyFileSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readlinkSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPT = new URL('../../deploy/link-package.sh', import.meta.url);

let folder: string;
/** Where an image has the package, the volume, and the link in it. */
let image: string;
let home: string;
let link: string;

beforeEach(() => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), 'link-')));
	image = join(folder, 'opt');
	home = join(folder, 'home');
	link = join(home, '.n8n/nodes/node_modules/n8n-nodes-cynet');
	mkdirSync(join(image, 'package'), { recursive: true });
	mkdirSync(home);
	copyFileSync(SCRIPT, join(image, 'link-package.sh'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Starts the "container"; what it becomes says which arguments it was given. */
async function start(
	env: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string }> {
	const becomes = ['sh', '-c', 'echo "$@"', 'entrypoint', 'worker', '--concurrency=2'];
	return await promisify(execFile)('sh', [join(image, 'link-package.sh'), ...becomes], {
		env: { PATH: process.env.PATH, HOME: home, ...env },
	});
}

test("an empty volume gets a link to the image's package, and the command gets its arguments", async () => {
	expect(await start()).toEqual({ stdout: 'worker --concurrency=2\n', stderr: '' });
	expect(readlinkSync(link)).toBe(join(image, 'package'));
});

test('a second start changes nothing', async () => {
	await start();
	const { ino } = lstatSync(link);
	expect(await start()).toMatchObject({ stderr: '' });
	expect(lstatSync(link).ino).toBe(ino);
});

test('a link that leads nowhere, as another image left it, is put right', async () => {
	await start();
	rmSync(link);
	symlinkSync('/gone', link);
	await start();
	expect(readlinkSync(link)).toBe(join(image, 'package'));
});

test('what was installed in n8n itself stays, and the log says so', async () => {
	mkdirSync(link, { recursive: true });
	writeFileSync(join(link, 'package.json'), '{}');
	const { stdout, stderr } = await start();
	expect(stdout).toBe('worker --concurrency=2\n');
	expect(stderr).toMatch(/that copy is used, not the image's\. To use the image's, uninstall it/);
	expect(lstatSync(link).isDirectory()).toBe(true);
	expect(existsSync(join(link, 'package'))).toBe(false);
});

test('another data folder is respected', async () => {
	await start({ N8N_USER_FOLDER: join(folder, 'data') });
	expect(readlinkSync(join(folder, 'data/.n8n/nodes/node_modules/n8n-nodes-cynet'))).toBe(
		join(image, 'package'),
	);
	expect(existsSync(link)).toBe(false);
});

test('a volume that cannot be written ends the container with what the matter is', async () => {
	writeFileSync(join(home, '.n8n'), 'a file where the folder belongs');
	await expect(start()).rejects.toMatchObject({ stderr: expect.stringMatching(/\.n8n/) as string });
});
