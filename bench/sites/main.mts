// `npm run bench:sites`: many sites read side by side, in real time, over HTTP; what their states cost. Writes its
// figures into docs/scaling.md, and fails if a target is missed or an alert was lost or came twice.
import { count, kilobytes, milliseconds, times } from '../figure.mts';
import { markdownTable } from '../report.mts';
import { startServer } from '../server.mts';
import { writeIntoPage } from '../scale/page.mts';
import { makeTrigger, type Trigger } from '../trigger.mts';

const LATENCY_MS = 150;
const SITES = 1000;
const WORKFLOWS = 10;
const ROUNDS = 5;
/** At most so much longer than n8n's client takes for as many requests, five at once. */
const LIMIT = 1.25;
const LANES = 5;
/** About what a state of a site can grow to, in characters. */
const LARGEST_STATE = 38_000;

const sites = Array.from({ length: SITES }, (_, index) => String(10_001 + index));
const server = await startServer({ sites, latencyMs: LATENCY_MS });
const seen = new Map<string, number>();
let raised = 0;

const triggers: readonly Trigger[] = Array.from({ length: WORKFLOWS }, (_, number) => {
	const own = sites.filter((_site, index) => index % WORKFLOWS === number);
	return makeTrigger({
		url: server.url,
		options: { clientIds: own.join(',') },
		credential: { clientId: own[0]! },
	});
});

interface Round {
	readonly ms: number;
	/** Processor time of this process: package, n8n-core and HTTP client. */
	readonly cpuMs: number;
	readonly requests: number;
}

/** Those triggers poll at the same time. */
async function round(polling: readonly Trigger[], first = false): Promise<Round> {
	const [began, cpu] = [performance.now(), process.cpuUsage()];
	const all = await Promise.all(
		polling.map(async (trigger) => await (first ? trigger.activate() : trigger.poll())),
	);
	const { user, system } = process.cpuUsage(cpu);
	for (const { json } of all.flat())
		seen.set(String(json.dedupKey), (seen.get(String(json.dedupKey)) ?? 0) + 1);
	const ms = performance.now() - began;
	const requests = (await server.newRequests()).length;
	return { ms, cpuMs: (user + system) / 1000, requests };
}

const median = (values: readonly number[]): number =>
	[...values].sort((one, other) => one - other)[values.length >> 1]!;

/** Every tenth site raises an alert, and then they poll. */
async function rounds(polling: readonly Trigger[]): Promise<{ all: Round[]; median: Round }> {
	const all: Round[] = [];
	for (let number = 0; number < ROUNDS; number++) {
		for (let site = number; site < SITES; site += WORKFLOWS) {
			await server.fill(1, { site: sites[site]! });
			raised++;
		}
		all.push(await round(polling));
	}
	const of = (kind: keyof Round) => median(all.map((one) => one[kind]));
	return { all, median: { ms: of('ms'), cpuMs: of('cpuMs'), requests: of('requests') } };
}

/** As many requests as a poll of one workflow makes, with n8n's own client, five at once. */
async function bare(): Promise<number> {
	const { helpers } = triggers[0]!.host.context();
	const began = performance.now();
	await Promise.all(
		Array.from({ length: LANES }, async () => {
			for (let left = SITES / WORKFLOWS / LANES; left > 0; left--)
				await helpers.httpRequest({
					url: `${server.url}/api/alerts/bulk`,
					ignoreHttpStatusErrors: true,
				});
		}),
	);
	const ms = performance.now() - began;
	await server.newRequests();
	return ms;
}

const bares: number[] = [];
for (let number = 0; number < 3; number++) bares.push(await bare());
await round(triggers.slice(0, 1), true);
const alone = await rounds(triggers.slice(0, 1));
await round(triggers.slice(1), true);
for (let number = 0; number < 2; number++) bares.push(await bare());
const bareMs = median(bares);
const together = await rounds(triggers);
await round(triggers);
server.close();

/** What n8n does with the static data of a workflow at each emission: text, which it writes whole. */
function writing(of: (trigger: Trigger) => unknown): { ms: number; size: number } {
	const took: number[] = [];
	let size = 0;
	for (let number = 0; number < ROUNDS; number++) {
		const began = performance.now();
		const texts = triggers.map((trigger) => JSON.stringify(of(trigger)));
		took.push(performance.now() - began);
		size = texts.reduce((sum, text) => sum + text.length, 0);
	}
	return { ms: median(took), size };
}
const states = writing(({ host }) => host.saved);
const largest = writing(({ host }) =>
	Object.fromEntries(Object.keys(host.saved ?? {}).map((key) => [key, 'x'.repeat(LARGEST_STATE)])),
);

const lost = raised - seen.size;
const twice = [...seen.values()].filter((often) => often > 1).length;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const costOf = ({ ms, cpuMs, requests }: Round): string =>
	`${seconds(ms)}, ${count(requests)} requests, processor ${milliseconds(cpuMs)}`;
const text = [
	`${LATENCY_MS} ms a request, in real time, over HTTP; the simulator in a process of its own. Every tenth site has a new alert at each poll. The median of ${ROUNDS} polls.`,
	'',
	markdownTable(
		['', 'Result'],
		[
			[`A poll of ${SITES / WORKFLOWS} sites, one workflow alone`, costOf(alone.median)],
			[
				`… the same number of requests with n8n's own client, five at once (target: a poll takes at most ${LIMIT} × that)`,
				`${seconds(bareMs)}: ${times(alone.median.ms / bareMs)}`,
			],
			[
				`A poll of ${count(SITES)} sites by ${WORKFLOWS} workflows at the same time`,
				costOf(together.median),
			],
			['… the longest of them', seconds(Math.max(...together.all.map(({ ms }) => ms)))],
			[
				`State of ${count(SITES)} sites in ${WORKFLOWS} workflows: as text, once each`,
				`${kilobytes(states.size)}, ${milliseconds(states.ms)}`,
			],
			[
				'… if each were as large as a state can be',
				`${kilobytes(largest.size)}, ${milliseconds(largest.ms)}`,
			],
		],
	),
	'',
	`Lost ${count(lost)}, twice ${count(twice)}, of ${count(raised)}.`,
].join('\n');
console.log(text);
await writeIntoPage('npm run bench:sites', text);
process.exit(lost > 0 || twice > 0 || alone.median.ms > LIMIT * bareMs ? 1 : 0);
