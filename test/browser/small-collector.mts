import { setTimeout as wait } from 'node:timers/promises';
import type { Collector, CollectorState, Simulator } from '../../simulator/simulator.mts';

const EVERY_MS = 400;
const DAY_MS = 86_400_000;
const DOWN_MS = 1500;

/**
 * The smallest thing that fetches alerts and delivers them, over HTTP as n8n does: so that the page
 * shows figures that were
 * made by requests, in seconds and without n8n. It reads a day each time and remembers all it has seen.
 */
export class SmallCollector implements Collector {
	private readonly seen = new Set<number>();
	private token = '';
	private life = 0;
	private over = false;
	private downUntil = 0;

	constructor(private readonly simulator: Simulator) {
		void this.run();
	}

	state(): CollectorState {
		const down = Date.now() < this.downUntil;
		return {
			name: 'n8n',
			version: 'none: the test collects',
			phase: down ? 'starting' : 'running',
			pid: down ? null : 1000 + this.life,
			url: this.simulator.url,
			ended: this.life,
			repeated: 0,
			signIn: 'owner@example.com, a-password',
			emittedTwice: 0,
			unsettledSince: down ? this.downUntil - DOWN_MS : null,
		};
	}

	async kill(): Promise<void> {
		this.downUntil = Date.now() + DOWN_MS;
		this.life++;
	}

	stop(): void {
		this.over = true;
	}

	/** As a workflow that acts. */
	async isolate(host: string): Promise<void> {
		await fetch(`${this.simulator.url}/api/host/remediation/isolate`, {
			method: 'POST',
			headers: { access_token: this.token, client_id: this.simulator.settings.sites[0] ?? '' },
			body: JSON.stringify({ host }),
		});
	}

	private async run(): Promise<void> {
		while (!this.over) {
			if (Date.now() >= this.downUntil) await this.poll().catch(() => undefined);
			await wait(EVERY_MS);
		}
	}

	private async poll(): Promise<void> {
		const { url, settings } = this.simulator;
		const since = new Date(this.simulator.serverNow() - DAY_MS).toISOString();
		const response = await fetch(`${url}/api/alerts?LastSeen=${since}`, {
			headers: { access_token: this.token, client_id: settings.sites[0] ?? '' },
		});
		if (response.status === 401) {
			const login = await fetch(`${url}/api/account/token`, {
				method: 'POST',
				body: JSON.stringify({ user_name: settings.username, password: settings.password }),
			});
			this.token = ((await login.json()) as { access_token: string }).access_token;
		}
		if (response.status !== 200) return;
		const { Entities } = (await response.json()) as { Entities: Array<{ ClientDbId: number }> };
		const fresh = Entities.map(({ ClientDbId }) => ClientDbId).filter((id) => !this.seen.has(id));
		if (fresh.length === 0) return;
		await fetch(`${url}/ledger/alerts`, {
			method: 'POST',
			body: JSON.stringify(
				fresh.map((id) => ({ dedupKey: `cynet:${settings.sites[0]}:${id}`, event: 'created' })),
			),
		});
		for (const id of fresh) this.seen.add(id);
	}
}
