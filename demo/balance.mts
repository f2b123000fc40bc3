import type { Report, Simulator } from '../simulator/simulator.mts';

/** What a line of the demo says. */
export type Balance = Pick<Report, 'raised' | 'delivered' | 'pending' | 'lost' | 'twice' | 'requests' | 'exchanges'>;

/** From the answer to a poll to the delivery of what it held: the demo's polls are ten seconds apart, and n8n may be busy. */
const SETTLE_MS = 60_000;
/** The trigger hands a backlog over in batches. */
const BATCH = 1000;
const BATCH_MS = 15_000;

/**
 * The ledger's balance. An alert counts as lost if the API has shown it, has answered a poll after that, and it still has not
 * arrived when that poll's alerts should have: while n8n or the API are down, nothing is lost but pending.
 */
export function balance(simulator: Simulator): Balance {
	const { visible, delivered } = simulator.ledger.report();
	const settle = SETTLE_MS + Math.ceil((visible - delivered) / BATCH) * BATCH_MS;
	const now = simulator.serverNow();
	const answered = simulator.ledger.requests.findLast(({ at, path, status, fault }) => at <= now - settle && path.startsWith('/api/alerts') && status === 200 && !fault);
	const graceSeconds = answered ? (now - answered.at) / 1000 : Number.MAX_SAFE_INTEGER;
	return simulator.ledger.report({ graceSeconds });
}

/** `raised 61 · delivered 60 · pending 1 · lost 0 · twice 0 · requests 7 · exchanges 1` */
export function inWords({ raised, delivered, pending, lost, twice, requests, exchanges }: Balance): string {
	return Object.entries({ raised, delivered, pending, lost, twice, requests, exchanges })
		.map(([name, count]) => `${name} ${count}`)
		.join(' · ');
}
