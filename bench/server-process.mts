// The other side of server.mts.
import { startSimulator } from '../simulator/simulator.mts';
import type { Call } from './server.mts';

const simulator = await startSimulator();
const calls: { [Name in Call['name']]: (call: Extract<Call, { name: Name }>) => unknown } = {
	fill: ({ count, alert }) => simulator.fill(count, { expected: false, ...alert }),
	newRequests: () => simulator.ledger.requests.splice(0),
};

process.on('message', (call: Call) => process.send!(calls[call.name](call as never)));
process.on('disconnect', () => process.exit());
process.send!(simulator.url);
