import type { IPollFunctions, NodeApiError } from 'n8n-workflow';
import { failureOf } from '../shared/api/errors';
import { clock } from '../shared/clock';
import type { SiteIdentity } from '../shared/feed/state';
import type { SiteMemory, TriggerMemory } from './memory';
import { siteMemory } from './memory';

const HOUR = 3600_000;

type Trouble = NonNullable<SiteMemory['trouble']>;

/**
 * Decides what the trouble with a site costs: a line in the log, or a failed poll.
 *
 * A poll can return alerts or throw, not both. Alerts go first: trouble that must be told then fails the next poll,
 * before it reads anything, and after that once an hour for as long as other sites bring alerts.
 */
export class SiteTroubles {
	/** @param decidesActivation whether n8n would give the trigger up for good if this poll threw */
	constructor(
		private readonly context: IPollFunctions,
		private readonly memory: TriggerMemory,
		private readonly sites: readonly SiteIdentity[],
		/** How long transient trouble stays in the log, in milliseconds. */
		private readonly tolerance: number,
		private readonly decidesActivation: boolean,
	) {}

	/** How the reading of a site ended. */
	note({ clientId }: SiteIdentity, error: NodeApiError | null): void {
		const site = siteMemory(this.memory, clientId);
		if (error === null) {
			site.trouble = null;
			return;
		}
		if (this.sites.length > 1 && !failureOf(error).atLogin) error.message = `Site ${clientId}: ${error.message}`;
		site.trouble = { error, since: site.trouble?.since ?? clock.now(), toldAt: site.trouble?.toldAt ?? 0 };
	}

	/** The login went wrong: no site can be read, and asking for each would only try the same keys again. */
	noteAll(error: NodeApiError | null): void {
		for (const site of this.sites) this.note(site, error);
	}

	/** Fails the poll for trouble that an earlier poll could not tell because it had alerts to hand over. */
	tellWhatIsOwed(): void {
		if (this.sites.length === 1 || this.decidesActivation) return;
		const owed = this.grave().find(({ toldAt }) => clock.now() - toldAt >= HOUR);
		if (owed) this.fail(owed);
	}

	/** Fails the poll if there is trouble that must be told; logs the rest. Call it when there are no alerts in hand. */
	tell(): void {
		const grave = this.grave();
		const [first] = grave;
		if (first && (!this.decidesActivation || grave.length === this.sites.length)) this.fail(first);
		this.log();
	}

	log(): void {
		for (const { clientId } of this.sites) {
			const { trouble } = siteMemory(this.memory, clientId);
			if (trouble) this.context.logger.warn(`Cynet Trigger: ${trouble.error.message}. Trying again at the next poll.`, { clientId });
		}
	}

	/** What waiting cannot mend, and what has lasted too long; for an activation only the former. */
	private grave(): Trouble[] {
		return this.sites
			.map(({ clientId }) => siteMemory(this.memory, clientId).trouble)
			.filter((trouble): trouble is Trouble => trouble !== null && this.isGrave(trouble));
	}

	private isGrave({ error, since }: Trouble): boolean {
		if (!failureOf(error).transient) return true;
		return !this.decidesActivation && clock.now() - since >= this.tolerance;
	}

	private fail(trouble: Trouble): never {
		trouble.toldAt = clock.now();
		throw trouble.error;
	}
}
