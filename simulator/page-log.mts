/** `act`: someone did something to the simulator or the collector. The others: what followed. */
export type LineKind = 'act' | 'trouble' | 'good' | 'note';

export interface LogLine {
	/** Counts up from 1. */
	readonly id: number;
	/** True time, milliseconds since the epoch. */
	readonly at: number;
	readonly kind: LineKind;
	/** A whole sentence, in plain words. */
	readonly text: string;
	/** A word or two for the chart, where it may show as a cause. From `Ended` to `Runs again` the collector was down. */
	readonly mark?: string;
	/** For a cause that lasts. */
	readonly lastsMs?: number;
}

const KEPT = 200;

/** What happened lately, for people to read. */
export class PageLog {
	private kept: LogLine[] = [];
	private last = 0;

	constructor(private readonly now: () => number) {}

	add(
		kind: LineKind,
		text: string,
		more: Partial<Pick<LogLine, 'at' | 'mark' | 'lastsMs'>> = {},
	): void {
		this.kept.push({ id: ++this.last, at: this.now(), kind, text, ...more });
		if (this.kept.length > KEPT) this.kept.shift();
	}

	/** Oldest first. */
	list(): readonly LogLine[] {
		return this.kept;
	}
}
