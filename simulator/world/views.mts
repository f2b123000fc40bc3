import { randomOf } from '../data/random.mts';
import type { Settings } from '../settings.mts';
import type { Row, StampName } from './rows.mts';

/** Lists as other databases would answer them: from a copy that lags behind, or with equal stamps in any order. */
export class Views {
	private lists = 0;

	constructor(
		private readonly settings: Pick<Settings, 'replicaLagMs' | 'shuffledTies'>,
		private readonly seed: number,
	) {}

	/** Whether lists differ from the true ones; then a page has to be cut from the whole list. */
	get differ(): boolean {
		return this.settings.replicaLagMs > 0 || this.settings.shuffledTies;
	}

	of(rows: readonly Row[], by: StampName, now: number): Row[] {
		const { replicaLagMs, shuffledTies } = this.settings;
		const lags = ++this.lists % 2 === 1;
		const visible = lags
			? rows.filter(({ visibleAt }) => visibleAt <= now - replicaLagMs)
			: [...rows];
		return shuffledTies ? this.shuffled(visible, by) : visible;
	}

	clear(): void {
		this.lists = 0;
	}

	private shuffled(rows: readonly Row[], by: StampName): Row[] {
		const random = randomOf(`${this.seed} list ${this.lists}`);
		const keyed = rows.map((row, place) => ({
			row,
			first: rows.findIndex((other) => other[by] === row[by]),
			place: random.whole(0, 1_000_000) + place / 1e6,
		}));
		return keyed.sort((a, b) => a.first - b.first || a.place - b.place).map(({ row }) => row);
	}
}
