import type { Answer, Call } from '../http/answers.mts';
import type { Settings } from '../settings.mts';

/**
 * A cache that someone put in front of the API: the same request gets the same answer for a while,
 * whatever came since.
 */
export class Cache {
	private readonly kept = new Map<string, { readonly answer: Answer; readonly at: number }>();

	constructor(
		private readonly settings: Pick<Settings, 'cacheSeconds'>,
		private readonly now: () => number,
	) {}

	answer(call: Call, make: () => Answer): Answer {
		const forMs = this.settings.cacheSeconds * 1000;
		if (forMs === 0) return make();
		const key = [
			call.header('client_id'),
			call.path,
			...['LastSeen', 'DateChanged', 'Limit', 'Offset'].map((name) => call.query(name)),
		].join(' ');
		const kept = this.kept.get(key);
		if (kept && this.now() - kept.at < forMs) return kept.answer;
		const answer = make();
		this.kept.set(key, { answer, at: this.now() });
		return answer;
	}

	clear(): void {
		this.kept.clear();
	}
}
