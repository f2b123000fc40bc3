/** `act`: someone did something to the simulator or the collector. The others: what followed. */
export type HappeningKind = 'act' | 'trouble' | 'good' | 'note';

export interface Happening {
	/** Counts up from 1. */
	readonly id: number;
	/** True time, milliseconds since the epoch. */
	readonly at: number;
	readonly kind: HappeningKind;
	/** A whole sentence, in plain words. */
	readonly text: string;
	/** A word or two for the chart, where it may show as a cause. From `Ended` to `Runs again` the collector was down. */
	readonly mark?: string;
	/** For a cause that lasts. */
	readonly lastsMs?: number;
}

const KEPT = 200;

/** What happened lately, for people to read. */
export class Happenings {
	private kept: Happening[] = [];
	private last = 0;

	constructor(private readonly now: () => number) {}

	add(
		kind: HappeningKind,
		text: string,
		more: Partial<Pick<Happening, 'at' | 'mark' | 'lastsMs'>> = {},
	): void {
		this.kept.push({ id: ++this.last, at: this.now(), kind, text, ...more });
		if (this.kept.length > KEPT) this.kept.shift();
	}

	/** Oldest first. */
	list(): readonly Happening[] {
		return this.kept;
	}
}
