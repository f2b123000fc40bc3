// The other side of server.mts.
import { setTimeout as wait } from 'node:timers/promises';
import { startSimulator } from '../simulator/simulator.mts';
import type { Call, ServerOptions } from './server.mts';

const { sites, latencyMs = 0 } = JSON.parse(process.argv[2] ?? '{}') as ServerOptions;
const simulator = await startSimulator(sites && { sites: [...sites] });
if (latencyMs > 0) simulator.settings.onArrival = async () => await wait(latencyMs);
const calls: { [Name in Call['name']]: (call: Extract<Call, { name: Name }>) => unknown } = {
	fill: ({ count, alert }) => simulator.fill(count, { expected: false, ...alert }),
	setHosts: ({ count }) =>
		simulator.changeHosts((hosts) =>
			Array.from({ length: count }, (_, index) => ({
				...hosts[index % hosts.length]!,
				ClientDbId: index + 1,
				HostName: `WS-${index}`,
			})),
		),
	newRequests: () => simulator.ledger.requests.splice(0),
};

process.on('message', (call: Call) => process.send!(calls[call.name](call as never) ?? null));
process.on('disconnect', () => process.exit());
process.send!(simulator.url);
