import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Say } from './progress.mts';

/**
 * Does a piece of work that no other process on this machine does at the same time. A lock of a
 * dead process does not count.
 */
export async function withLock<T>(file: string, say: Say, work: () => Promise<T>): Promise<T> {
	await mkdir(dirname(file), { recursive: true });
	let told = false;
	while (!(await take(file))) {
		const pid = await holder(file);
		if (pid !== null && !lives(pid)) await rm(file, { force: true });
		else {
			if (!told)
				say(`Another process${pid === null ? '' : ` (${pid})`} is at it already: waiting for it …`);
			told = true;
			await wait(1000);
		}
	}
	try {
		return await work();
	} finally {
		await rm(file, { force: true });
	}
}

async function take(file: string): Promise<boolean> {
	try {
		await writeFile(file, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		return false;
	}
}

/** Null while the holder is about to write its id, or has just given the lock back. */
async function holder(file: string): Promise<number | null> {
	const pid = Number(await readFile(file, 'utf8').catch(() => ''));
	return pid > 0 ? pid : null;
}

function lives(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
