/** What a request is for, by its path; the first that fits. */
const KINDS = [
	['alerts', /^\/api\/alerts/],
	['exchanges', /^\/api\/(account\/token|v2\/login)$/],
	['other', /^/],
] as const;

type RequestKind = (typeof KINDS)[number][0];

/** Per kind: how often each status was answered; `none` = no answer (yet). */
export type RequestCounts = Readonly<Record<RequestKind, Readonly<Record<string, number>>>>;

const kindOf = (path: string): RequestKind => KINDS.find(([, pattern]) => pattern.test(path))![0];

/** How many requests of each kind got which status. It stays small however many there are. */
export class Tally {
	private readonly all: Record<RequestKind, Record<string, number>> = {
		alerts: {},
		exchanges: {},
		other: {},
	};

	asked(path: string): void {
		this.add(path, 'none', 1);
	}

	answered(path: string, status: number): void {
		this.add(path, 'none', -1);
		this.add(path, String(status), 1);
	}

	counts(): RequestCounts {
		return structuredClone(this.all);
	}

	private add(path: string, status: string, change: number): void {
		const counts = this.all[kindOf(path)];
		const count = (counts[status] ?? 0) + change;
		if (count > 0) counts[status] = count;
		else delete counts[status];
	}
}
