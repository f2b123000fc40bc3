// The other side of cloud.mts.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { startSimulator } from '../../simulator/simulator.mts';
import type { Call, Counts, Raise, ThreadData } from './cloud.mts';

const { memory, sites, latencyMs } = workerData as ThreadData;
const time = new BigInt64Array(memory);
const counts: Counts = { requests: 0, exchanges: 0, rows: 0, cpuSeconds: null };

const simulator = await startSimulator({
	sites: [...sites],
	now: () => Number(Atomics.load(time, 0)),
});
// A request takes its time: for the server and for the client, whose clock this is.
simulator.settings.onRequest = () => void Atomics.add(time, 0, BigInt(latencyMs));

const calls: { [Name in Call['name']]: (call: Extract<Call, { name: Name }>) => unknown } = {
	raise: ({ what }) =>
		what.map(
			({ site, count, at, spacingMs, visibleAt }: Raise) =>
				simulator.fill(count, { site, at, spacingMs, visibleAt, expected: false }).lastId,
		),
	counts: () => {
		const { requests, exchanges, rows } = simulator.ledger.report();
		return { ...counts, requests, exchanges, rows, cpuSeconds: threadSeconds() };
	},
};

parentPort!.on('message', (call: Call) => parentPort!.postMessage(calls[call.name](call as never)));
parentPort!.postMessage(simulator.url);

/** The processor time of this thread alone, which only Linux tells. */
function threadSeconds(): number | null {
	try {
		const fields = readFileSync('/proc/thread-self/stat', 'utf8').split(') ')[1]!.split(' ');
		return (Number(fields[11]) + Number(fields[12])) / 100;
	} catch {
		return null;
	}
}
