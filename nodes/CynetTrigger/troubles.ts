import type { IPollFunctions, NodeApiError } from 'n8n-workflow';
import { failureOf } from '../shared/api/errors';
import { clock } from '../shared/clock';
import type { SiteIdentity } from '../shared/feed/state';
import type { SiteMemory, Trouble } from './memory';
import type { SiteResult } from './poll-site';

const HOUR = 3600_000;

/** What n8n is told of an error, so that it polls again as soon as it does after any. */
const SHORTEST_PAUSE: NodeApiError['failure'] = { cause: 'temporarily-unavailable' };

/**
 * What a poll that fails does. The first one of a trigger that never worked ends its publication,
 * with the user standing by. The first one
 * of a trigger that has worked must not fail: after a start of n8n that would end its life, and at
 * other times the next poll reports it.
 */
export type Role = 'publication' | 'restart' | 'tick';

interface Site {
	readonly site: SiteIdentity;
	readonly memory: SiteMemory;
}

type Errors = Pick<SiteResult, 'error' | 'changesError'>;

/**
 * Decides what the trouble with a site costs: a line in the log, or a failed poll.
 *
 * A poll can return alerts or throw, not both. Alerts go first: trouble that must be reported then fails the next poll,
 * before it reads anything. While other sites can be read, trouble fails one poll an hour.
 */
export class SiteTroubles {
	private readonly logged = new Set<NodeApiError>();

	constructor(
		private readonly context: IPollFunctions,
		private readonly sites: readonly Site[],
		/** How long transient trouble stays in the log, in milliseconds. */
		private readonly tolerance: number,
		private readonly role: Role,
	) {}

	/** How the reading of a site ended. */
	note({ site, memory }: Site, { error, changesError }: Errors): void {
		memory.trouble = this.troubleOf(site, error, memory.trouble);
		// Where new alerts could not be read, the list of changes was not tried.
		if (error === null)
			memory.changesTrouble = this.troubleOf(site, changesError, memory.changesTrouble);
	}

	/** The login went wrong: no site can be read, and asking for each would only try the same keys again. */
	noteAll({ error }: Errors): void {
		for (const { site, memory } of this.sites)
			memory.trouble = this.troubleOf(site, error, memory.trouble);
	}

	/** Whether nothing can be read, so that a pause keeps no alerts waiting. */
	private get isOutage(): boolean {
		return this.sites.every(({ memory }) => memory.trouble !== null);
	}

	/** Fails the poll for trouble that an earlier poll could not report because it had alerts to emit. */
	reportPending(): void {
		if (this.sites.length === 1 || this.role !== 'tick') return;
		this.fail(this.reportable().filter((trouble) => trouble.pending && isDue(trouble)));
	}

	/**
	 * Fails the poll if there is trouble that must be reported; logs the rest. Call it when there are
	 * no alerts in hand.
	 */
	report(): void {
		const reportable = this.reportable();
		if (this.role === 'tick' || reportable.length === this.sites.length)
			this.fail(this.isOutage ? reportable : reportable.filter(isDue));
		this.log();
		const changes = this.sites
			.map(({ memory }) => memory.changesTrouble)
			.filter((trouble) => trouble !== null && this.hasLasted(trouble) && isDue(trouble));
		if (this.role === 'tick') this.fail(changes as Trouble[]);
	}

	/** Leaves what must be reported to the next poll, for this one has alerts in hand. */
	postpone(): void {
		for (const trouble of this.reportable()) trouble.pending = true;
		this.log();
	}

	/** A line for each error, once a poll. */
	log(): void {
		for (const {
			site: { clientId },
			memory: { trouble, changesTrouble },
		} of this.sites) {
			for (const { error } of [trouble, changesTrouble].filter((one) => one !== null)) {
				if (this.logged.has(error)) continue;
				this.logged.add(error);
				this.context.logger.warn(
					`Cynet Trigger: ${error.message}. Trying again at the next poll.`,
					{ clientId },
				);
			}
		}
	}

	/**
	 * One failed poll reports them all: the first is its error, and the log names each. A poll for each
	 * would keep the alerts of the other sites waiting.
	 */
	private fail(troubles: readonly Trouble[]): void {
		const [trouble, ...others] = troubles;
		if (trouble === undefined) return;
		for (const reported of troubles)
			Object.assign(reported, { reportedAt: clock.ticks(), pending: false });
		if (others.length > 0) this.log();
		// After a failed poll n8n pauses the trigger with all its sites: seconds, or half an hour for what is permanent.
		if (!this.isOutage) Object.assign(trouble.error, { failure: SHORTEST_PAUSE });
		throw trouble.error;
	}

	private troubleOf(
		{ clientId }: SiteIdentity,
		error: NodeApiError | null,
		before: Trouble | null,
	): Trouble | null {
		if (error === null) return null;
		if (this.sites.length > 1 && !failureOf(error).atLogin)
			error.message = `Site ${clientId}: ${error.message}`;
		return {
			error,
			since: before?.since ?? clock.ticks(),
			reportedAt: before?.reportedAt ?? -Infinity,
			pending: before?.pending ?? false,
		};
	}

	private reportable(): Trouble[] {
		return this.sites
			.map(({ memory }) => memory.trouble)
			.filter((trouble) => trouble !== null && this.isReportable(trouble)) as Trouble[];
	}

	private isReportable(trouble: Trouble): boolean {
		const { transient, maybeMistyped } = failureOf(trouble.error);
		if (this.role === 'restart') return false;
		if (!transient) return true;
		return this.role === 'publication' ? maybeMistyped : this.hasLasted(trouble);
	}

	private hasLasted({ since }: Trouble): boolean {
		return clock.ticks() - since >= this.tolerance;
	}
}

const isDue = ({ reportedAt }: Trouble): boolean => clock.ticks() - reportedAt >= HOUR;
