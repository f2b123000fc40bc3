import type { RequestRecord } from '../../simulator/simulator.mts';
import type { Chapter } from '../figure.mts';
import { atMost, count, megabytes, told } from '../figure.mts';
import { collectGarbage } from '../rounds.mts';
import { startServer, type Server } from '../server.mts';
import { makeTrigger, type Trigger } from '../trigger.mts';

const HOUR = 3600_000;
const ALERTS = 100_000;
const MAX_ALERTS = 1_000;
const ROWS_LIMIT = 1.5;
const HEAP_LIMIT = 64 * 2 ** 20;
const SAMPLE_EVERY_MS = 2;

/** A backlog that is a hundred times what a poll emits. */
export async function backlog(): Promise<Chapter> {
	const server = await startServer();
	try {
		const trigger = makeTrigger({ url: server.url, options: { maxAlerts: MAX_ALERTS } });
		await server.fill(ALERTS, { at: Date.now() - 20 * HOUR, spacingMs: (19 * HOUR) / ALERTS });

		const heap = new HeapWatch();
		/** By id. Typed, for it must not grow within the heap that is watched. */
		const seen = new Uint8Array(ALERTS + 1);
		let polls = 0;
		const handOver = await costOf(server, async () => {
			for (let left = ALERTS; left > 0; polls++) {
				const ids = await heap.during(trigger);
				if (ids.length === 0) throw new Error(`${left} alerts did not come`);
				for (const id of ids) {
					if (seen[id] !== 0) throw new Error(`Alert ${id} came twice, or was never raised`);
					seen[id] = 1;
					left--;
				}
			}
		});
		let confirming = 0;
		const confirmation = await costOf(server, async () => {
			for (; !isAtRest(trigger); confirming++) {
				if ((await trigger.poll()).length > 0) throw new Error('An alert came twice');
			}
		});

		const each = (value: number): string => (value / ALERTS).toFixed(2);
		return {
			title: `A backlog of ${count(ALERTS)} alerts`,
			figures: [
				atMost(
					'Rows read for each alert until all are emitted',
					handOver.rows / ALERTS,
					ROWS_LIMIT,
					(value) => value.toFixed(2),
				),
				told('… polls and requests', `${count(polls)} polls, ${count(handOver.requests)} requests`),
				told(
					'… the recheck after it',
					`${count(confirming)} polls, ${count(confirmation.requests)} requests, ${each(confirmation.rows)} rows for each alert`,
				),
				told('… all together', `${each(handOver.rows + confirmation.rows)} rows for each alert`),
				atMost(
					'Highest heap of a poll, above what it began with and the batch it returns',
					heap.highest,
					HEAP_LIMIT,
					megabytes,
				),
				told(
					'… what a poll leaves behind: growth of the heap from the first poll to the last',
					megabytes(heap.left),
				),
				told('… the batch: 1,000 simplified alerts', megabytes(heap.batch)),
			],
			notes: [
				`Measured: the first poll of a trigger and those after it, on a site with alerts from the last 20 hours, with Max Alerts per Poll ${count(MAX_ALERTS)} and Page Size 100, until each alert has come; then until nothing is left to be read again.`,
				'The recheck: a span that took several pages is read once more, ten pages a poll, for what a server may have shown late or moved between two pages. New alerts do not wait for it.',
				`The heap is sampled every ${SAMPLE_EVERY_MS} ms while a poll is under way, with the garbage that V8 has not collected at that moment. Between two polls it is collected, as n8n has a minute for it. How much garbage V8 lets lie depends on the size of its young generation, so this figure is the machine's and V8's as well.`,
			],
		};
	} finally {
		server.close();
	}
}

const isAtRest = (trigger: Trigger): boolean => {
	const { forward, recheck, sweep } = trigger.cursor();
	return (
		forward === null && [recheck, sweep].every(({ owed, scan }) => owed === null && scan === null)
	);
};

/** What the server was asked for meanwhile. */
async function costOf(
	server: Server,
	work: () => Promise<void>,
): Promise<{ requests: number; rows: number }> {
	await work();
	const requests: readonly RequestRecord[] = await server.newRequests();
	return { requests: requests.length, rows: requests.reduce((sum, { rows }) => sum + rows, 0) };
}

class HeapWatch {
	/** The most above the start of a poll and its batch, in bytes. */
	highest = 0;
	/** The largest batch. */
	batch = 0;
	/** From the end of the first poll to that of the last. */
	left = 0;
	private first: number | null = null;

	/** Polls; the ids of the alerts, which are let go. */
	async during(trigger: Trigger): Promise<number[]> {
		const before = used();
		let peak = before;
		const sample = (): void => {
			peak = Math.max(peak, process.memoryUsage().heapUsed);
		};
		const timer = setInterval(sample, SAMPLE_EVERY_MS);
		const { ids, held } = await pollAndHold(trigger, sample);
		clearInterval(timer);
		const after = used();
		const batch = held - after;
		this.highest = Math.max(this.highest, peak - before - batch);
		this.batch = Math.max(this.batch, batch);
		this.first ??= after;
		this.left = after - this.first;
		return ids;
	}
}

/** The batch is reachable in here, and nowhere else. */
async function pollAndHold(
	trigger: Trigger,
	sample: () => void,
): Promise<{ ids: number[]; held: number }> {
	const items = await trigger.poll();
	sample();
	const held = used();
	return { ids: items.map(({ json }) => Number(json.id)), held };
}

function used(): number {
	collectGarbage();
	return process.memoryUsage().heapUsed;
}
