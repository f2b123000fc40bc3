/** A site is promised this part of *Max Alerts* while a request of it is under way. */
const PARTS = 16;

/** What a site may take of a poll's room. */
export interface Share {
	/** How many alerts the site may have found in all, by now. */
	readonly most: number;
	/** Before a request: holds back a part for its answer. @param found by the site so far */
	hold(found: number): void;
	/** After the answer: gives back what was not used. @param found by the site so far */
	settle(found: number): void;
}

/**
 * How many alerts a poll may still emit, for all of its sites together. A busy site takes all that
 * nobody else holds; one whose answer is slow finds its part when it comes.
 */
export class Room {
	private used = 0;
	private readonly part: number;

	constructor(private readonly most: number) {
		this.part = Math.max(1, Math.floor(most / PARTS));
	}

	/** What is neither used nor held back. */
	get free(): number {
		return this.most - this.used;
	}

	share(): Share {
		let own = 0;
		const use = (alerts: number): void => {
			this.used += alerts - own;
			own = alerts;
		};
		const most = (): number => this.free + own;
		return {
			get most() {
				return most();
			},
			hold: (found) => use(found + Math.min(this.part, most() - found)),
			settle: use,
		};
	}
}
