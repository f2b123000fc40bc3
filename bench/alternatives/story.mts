const MINUTE = 60_000;
const SECOND = 1000;

/** Something that happens to all contestants at the same moment. */
export interface StoryStep {
	/** Since the beginning. */
	readonly atMs: number;
	/** For the reader, where it is worth a line. */
	readonly what?: string;
	/** Alerts that are raised, of which kind, and how much later than raised the API shows them. */
	readonly count?: number;
	readonly kind?: string;
	readonly lateMs?: number;
	readonly act?: 'outage' | 'recovery' | 'expiry' | 'restart';
}

export interface Story {
	readonly minutes: number;
	readonly overlapMinutes: number;
	/** In the order of their times. */
	readonly events: readonly StoryStep[];
	/** What happens, for the report. */
	readonly told: readonly string[];
}

/** One alert in so many seconds, and each tenth of them late. */
const EVERY_MS = 3 * SECOND;
const LATE_EVERY = 10;
const BURST = 1500;

/** When what happens, as shares of the whole. */
const PARTS = {
	firstBurst: 0.08,
	expiry: 0.16,
	restart: 0.24,
	outage: 0.4,
	recovery: 0.8,
	secondBurst: 0.9,
};

/**
 * What happens in a run of so many minutes. The outage lasts a fifth longer than everyone reads
 * back; everything late is less late than that.
 */
export function storyOf(minutes: number): Story {
	const overlapMinutes = Math.round(minutes / 3);
	const at = (share: number): number => Math.round(share * minutes * MINUTE);
	const minute = (share: number): string => (share * minutes).toFixed(1);
	const inOutage = (atMs: number): boolean => atMs >= at(PARTS.outage) && atMs < at(PARTS.recovery);
	const steady = Array.from({ length: Math.floor(at(1) / EVERY_MS) }, (_, index): StoryStep => {
		const atMs = index * EVERY_MS;
		const isLate = index % LATE_EVERY === LATE_EVERY - 1;
		// From a tenth to eight tenths of the overlap.
		const tenths = 1 + (Math.floor(index / LATE_EVERY) % 8);
		const kind = inOutage(atMs) ? 'during the outage' : isLate ? 'late' : 'steady';
		return { atMs, count: 1, kind, lateMs: isLate ? (tenths * overlapMinutes * MINUTE) / 10 : 0 };
	});
	const events: StoryStep[] = [
		...steady,
		{ atMs: at(PARTS.firstBurst), what: 'a burst', count: BURST, kind: 'burst' },
		{ atMs: at(PARTS.expiry), what: 'all tokens expire', act: 'expiry' },
		{ atMs: at(PARTS.restart), what: 'n8n is restarted', act: 'restart' },
		{ atMs: at(PARTS.outage), what: 'the API answers 503', act: 'outage' },
		{ atMs: at(PARTS.recovery), what: 'the API answers again', act: 'recovery' },
		{ atMs: at(PARTS.secondBurst), what: 'a burst', count: BURST, kind: 'burst' },
	];
	return {
		minutes,
		overlapMinutes,
		events: events.sort((a, b) => a.atMs - b.atMs),
		told: [
			`an alert every ${EVERY_MS / SECOND} seconds, each tenth of which the API shows late: by up to ${(0.8 * overlapMinutes).toFixed(1)} minutes`,
			`two bursts of ${BURST.toLocaleString('en-US')} alerts in one second (minutes ${minute(PARTS.firstBurst)} and ${minute(PARTS.secondBurst)})`,
			`all tokens expire (minute ${minute(PARTS.expiry)})`,
			`n8n is stopped and started (minute ${minute(PARTS.restart)})`,
			`the API answers 503 from minute ${minute(PARTS.outage)} to ${minute(PARTS.recovery)}`,
		],
	};
}
