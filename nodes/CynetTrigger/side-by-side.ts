import { failureOf } from '../shared/api/errors';
import { REQUEST_TIMEOUT_MS } from '../shared/api/limits';
import { clock } from '../shared/clock';
import type { SiteIdentity } from '../shared/feed/state';
import type { SiteMemory } from './memory';
import type { Round, SiteResult } from './poll-site';
import { pollSite } from './poll-site';
import type { Recalled } from './recall';
import { Room } from './room';
import { isCurrent, type Run } from './run';

/** Requests of one poll that are under way at the same time: one a lane. */
const LANES = 5;

/** Each lane holds back at least one of *Max Alerts*, all of them at most half. */
const lanesFor = (maxAlerts: number): number =>
	Math.max(1, Math.min(LANES, Math.floor(maxAlerts / 2)));

/** How long a site that did not answer in time is waited for, and the poll with it, in milliseconds. */
const SHORT_PATIENCE_MS = 5_000;

/** The same for any other site in trouble. */
const FULL_PATIENCE_MS = REQUEST_TIMEOUT_MS;

/**
 * How often one that did not answer in time is waited for as long as any other: its server may only
 * be slow. Milliseconds, after one was in vain.
 */
const FULL_PATIENCE_EVERY_MS = 5 * 60_000;

/** A site, and where its reading goes on. */
export interface RecalledSite extends Recalled {
	readonly site: SiteIdentity;
	readonly memory: SiteMemory;
}

export interface ReadSite extends RecalledSite {
	readonly result: SiteResult;
	/** Whether the site, which had not answered in time before, was given as much time as any other. */
	readonly hadFullPatience: boolean;
}

/**
 * Reads sites side by side until all are read, there are enough alerts, or no time is left. Those that were read
 * longest ago come first, so that none waits for ever. Those in trouble share one lane, and hold
 * the poll up no longer than one of them is waited for.
 *
 * @returns what was read, in the order in which it was begun
 */
export async function readSideBySide(
	run: Run,
	round: Round,
	sites: readonly RecalledSite[],
): Promise<ReadSite[]> {
	return await new SideBySide(run, round).read(sites);
}

class SideBySide {
	private readonly room: Room;
	private readonly results: Array<ReadSite | null> = [];
	/** Whether reading is to end though there is room and time: the login went wrong, or the package did. */
	private ends = false;

	constructor(
		private readonly run: Run,
		private readonly round: Round,
	) {
		this.room = new Room(round.settings.maxAlerts);
	}

	async read(sites: readonly RecalledSite[]): Promise<ReadSite[]> {
		const turns = [...sites].sort((one, other) => one.memory.turn - other.memory.turn);
		const sick = turns.filter(isSick);
		// Where all are, there is none to be held up.
		const well = sick.length < turns.length ? turns.filter((one) => !isSick(one)) : turns;
		const queue = new Queue(well);
		await this.readAll(queue, new Queue(well === turns ? [] : sick));
		// Lanes end where others hold back all the room, and may give some of it back.
		while (queue.isOpen && this.mayBegin()) await this.readAll(queue, new Queue([]));
		return this.results.filter((one) => one !== null);
	}

	private async readAll(queue: Queue, sick: Queue): Promise<void> {
		const count = lanesFor(this.round.settings.maxAlerts);
		const lanes = Array.from({ length: count }, async (_, lane) => {
			if (lane === 0) await this.readSick(sick, queue);
			await this.readWell(queue);
		});
		// One that fails must not leave the others to go on by themselves.
		await Promise.allSettled(lanes);
		await Promise.all(lanes);
	}

	private async readWell(queue: Queue): Promise<void> {
		while (this.mayBegin()) {
			const one = queue.next();
			if (one === null) return;
			await this.readOne(one, null);
			queue.read++;
		}
	}

	/** One after the other, as long as they answer or others are read anyway. */
	private async readSick(sick: Queue, others: Queue): Promise<void> {
		const { memory } = this.run;
		const began = clock.ticks();
		let isDue = began - memory.waitedInVainAt >= FULL_PATIENCE_EVERY_MS;
		let answers = true;
		while (
			this.mayBegin() &&
			(answers || !others.isRead || clock.ticks() - began < SHORT_PATIENCE_MS)
		) {
			const one = sick.next();
			if (one === null) return;
			const isLate = timedOut(one);
			answers = await this.readOne(one, isLate && !isDue ? SHORT_PATIENCE_MS : FULL_PATIENCE_MS);
			isDue &&= !isLate;
		}
	}

	private mayBegin(): boolean {
		return (
			!this.ends && isCurrent(this.run) && this.room.free > 0 && clock.ticks() < this.round.deadline
		);
	}

	/** @returns whether nothing went wrong */
	private async readOne(one: RecalledSite, patience: number | null): Promise<boolean> {
		const place = this.results.push(null) - 1;
		let isOver = false;
		try {
			const result = await pollSite(this.round, one.site, {
				state: one.state,
				activeFor: clock.ticks() - one.memory.activeSince,
				share: this.room.share(),
				patience,
			});
			isOver = true;
			if (result === null) return false;
			this.results[place] = {
				...one,
				result,
				hadFullPatience: patience === FULL_PATIENCE_MS && timedOut(one),
			};
			this.ends ||= failureOf(result.error).atLogin;
			return result.error === null;
		} finally {
			this.ends ||= !isOver;
		}
	}
}

/** Sites that wait for their turn. */
class Queue {
	/** How many have been read. */
	read = 0;
	private begun = 0;

	constructor(private readonly sites: readonly RecalledSite[]) {}

	get isRead(): boolean {
		return this.read >= this.sites.length;
	}

	/** Whether one has not begun. */
	get isOpen(): boolean {
		return this.begun < this.sites.length;
	}

	next(): RecalledSite | null {
		return this.sites[this.begun++] ?? null;
	}
}

const timedOut = ({ memory: { trouble } }: RecalledSite): boolean =>
	trouble !== null && failureOf(trouble.error).timedOut;

/** Whether the site could not be read last time. A login that went wrong says nothing of a site. */
const isSick = ({ memory: { trouble } }: RecalledSite): boolean =>
	trouble !== null && !failureOf(trouble.error).atLogin;
