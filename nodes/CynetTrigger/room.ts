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
 * nobody else holds; one whose answer is slow finds its part when it comes. At most half of the
 * room is held back: where it is small, a busy site still gets the other half.
 */
export class Room {
	private used = 0;
	private held = 0;
	private readonly part: number;

	constructor(private readonly most: number) {
		this.part = Math.max(1, Math.floor(most / PARTS));
	}

	/** What is neither used nor held back. */
	get free(): number {
		return this.most - this.used - this.held;
	}

	share(): Share {
		let own = 0;
		let part = 0;
		const use = (alerts: number, holding: number): void => {
			this.used += alerts - own;
			this.held += holding - part;
			[own, part] = [alerts, holding];
		};
		const most = (): number => this.free + own + part;
		const holdable = (): number => Math.ceil(this.most / 2) - this.held + part;
		return {
			get most() {
				return most();
			},
			hold: (found) => use(found, Math.max(0, Math.min(this.part, most() - found, holdable()))),
			settle: (found) => use(found, 0),
		};
	}
}
