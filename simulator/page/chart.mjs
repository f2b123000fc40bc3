// @ts-check

/**
 * @typedef {import('../control/status.mts').Status} Status
 * @typedef {{ x: (at: number) => number, y: (ms: number) => number, from: number, to: number, left:
 * number, right: number, bottom: number }} Scale
 */

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 222;
const MARGIN = { top: 40, right: 12, bottom: 26, left: 44 };
/** Deliveries further apart than this are not joined by a line. */
const GAP_MS = 45_000;
const LEAST_SPAN_MS = 2 * 60_000;
const STEP_MS = 10_000;
const ROWS_OF_LABELS = 3;
const ROW_HEIGHT = 12;
/** Into how many parts the height is cut, by the first digit of what it stands for. */
/** @type {Record<number, number>} */
const TICKS = { 2: 4, 3: 3, 4: 4, 6: 3, 8: 4 };

/**
 * Draws median and 95th percentile over time, with the causes above them.
 * @param {HTMLElement} holder
 * @param {Status} status
 */
export function drawChart(holder, { now, latency, log }) {
	const width = Math.max(280, holder.clientWidth);
	const { steps } = latency;
	const first = Math.min(
		steps[0]?.at ?? now,
		...log.filter(({ mark }) => mark).map(({ at }) => at),
		now - LEAST_SPAN_MS,
	);
	const from = Math.max(first, now - latency.windowMs);
	const top = niceTop(Math.max(5000, ...steps.map(({ p95 }) => p95 ?? 0)));
	const left = MARGIN.left;
	const right = width - MARGIN.right;
	const bottom = HEIGHT - MARGIN.bottom;
	/** @type {Scale} */
	const scale = {
		from,
		to: now,
		left,
		right,
		bottom,
		x: (at) => left + ((at - from) / (now - from)) * (right - left),
		y: (ms) => bottom - (ms / top) * (bottom - MARGIN.top),
	};
	const svg = make('svg', {
		viewBox: `0 0 ${width} ${HEIGHT}`,
		width,
		height: HEIGHT,
		role: 'img',
		'aria-label': inWords(latency),
	});
	svg.append(...grid(scale, top), ...causes(scale, log), ...lines(scale, steps));
	if (steps.length === 0)
		svg.append(
			make(
				'text',
				{ class: 'empty', x: (left + right) / 2, y: (MARGIN.top + bottom) / 2 },
				'No alert has been emitted yet.',
			),
		);
	holder.replaceChildren(svg);
}

/** @param {Status['latency']} latency */
function inWords({ count, median, p95, longest }) {
	if (count === 0) return 'Chart of the latency; no alert has been emitted yet.';
	return `Chart of the latency over the last 15 minutes: median ${seconds(median)}, 95th percentile ${seconds(p95)}, longest ${seconds(longest)}, of ${count} alerts.`;
}

/** @param {number | null} ms */
export const seconds = (ms) => (ms === null ? '–' : `${(ms / 1000).toFixed(1)} s`);

/** @param {number} ms */
function niceTop(ms) {
	const unit = 10 ** Math.floor(Math.log10(ms));
	return ([1, 2, 3, 4, 5, 6, 8, 10].find((times) => times * unit >= ms) ?? 10) * unit;
}

/**
 * @param {Scale} scale
 * @param {number} top
 */
function grid({ x, y, from, to, left, right, bottom }, top) {
	const parts = [];
	const every = top / (TICKS[Number(String(top)[0])] ?? 5);
	for (let ms = 0; ms <= top; ms += every) {
		parts.push(
			make('line', {
				class: ms === 0 ? 'axis' : 'grid',
				x1: left,
				x2: right,
				y1: y(ms),
				y2: y(ms),
			}),
		);
		parts.push(
			make(
				'text',
				{ class: 'tick end', x: left - 8, y: y(ms) + 4 },
				`${+(ms / 1000).toFixed(2)} s`,
			),
		);
	}
	const minutes = Math.max(1, Math.ceil(((to - from) / 60_000) * (70 / (right - left))));
	const every2 = minutes * 60_000;
	for (let at = Math.ceil(from / every2) * every2; at <= to; at += every2) {
		if (x(at) < left + 16 || x(at) > right - 16) continue;
		parts.push(make('line', { class: 'axis', x1: x(at), x2: x(at), y1: bottom, y2: bottom + 4 }));
		parts.push(
			make('text', { class: 'tick middle', x: x(at), y: bottom + 18 }, clock(at).slice(0, 5)),
		);
	}
	return parts;
}

/**
 * What may have been the cause: a line, a band if it lasts, and a word above it.
 * @param {Scale} scale
 * @param {Status['log']} log
 */
function causes({ x, from, to, left, right, bottom }, log) {
	const parts = [];
	/** @type {number[]} */
	const ends = Array(ROWS_OF_LABELS).fill(-Infinity);
	for (const [index, { at, mark, lastsMs: given = 0 }] of log.entries()) {
		const upAgain =
			mark === 'Ended'
				? (log.slice(index).find((later) => later.mark === 'Runs again')?.at ?? to)
				: at;
		const lastsMs = Math.max(given, upAgain - at);
		if (!mark || at + lastsMs < from) continue;
		const start = Math.max(left, x(at));
		if (lastsMs > 0)
			parts.push(
				make('rect', {
					class: 'band',
					x: start,
					y: MARGIN.top,
					width: Math.max(0, Math.min(right, x(Math.min(to, at + lastsMs))) - start),
					height: bottom - MARGIN.top,
				}),
			);
		const length = mark.length * 6.4 + 8;
		const turned = start + length > right;
		const begin = turned ? start - length : start;
		const row = ends.findIndex((end) => end < begin);
		parts.push(
			make('line', {
				class: 'cause',
				x1: start,
				x2: start,
				y1: row < 0 ? MARGIN.top : (row + 1) * ROW_HEIGHT - 8,
				y2: bottom,
			}),
		);
		if (row < 0) continue;
		ends[row] = begin + length;
		parts.push(
			make(
				'text',
				{
					class: turned ? 'mark end' : 'mark',
					x: turned ? start - 4 : start + 4,
					y: (row + 1) * ROW_HEIGHT,
				},
				mark,
			),
		);
	}
	return parts;
}

/**
 * @param {Scale} scale
 * @param {Status['latency']['steps']} steps
 */
function lines({ x, y, to }, steps) {
	const points = steps.map(({ at, median, p95 }) => ({
		at,
		x: x(Math.min(to, at + STEP_MS / 2)),
		median: y(median ?? 0),
		p95: y(p95 ?? 0),
	}));
	/** @type {(typeof points)[]} */
	const pieces = [];
	for (const point of points) {
		const before = pieces.at(-1)?.at(-1);
		if (before && point.at - before.at <= GAP_MS) pieces.at(-1)?.push(point);
		else pieces.push([point]);
	}
	const path = (/** @type {typeof points} */ piece, /** @type {'median' | 'p95'} */ name) =>
		piece.map((point) => `${point.x.toFixed(1)},${point[name].toFixed(1)}`).join(' ');
	return [
		...pieces.map((piece) =>
			make('polygon', {
				class: 'between',
				points: `${path(piece, 'median')} ${path([...piece].reverse(), 'p95')}`,
			}),
		),
		...pieces.map((piece) => make('polyline', { class: 'p95', points: path(piece, 'p95') })),
		...pieces.map((piece) => make('polyline', { class: 'median', points: path(piece, 'median') })),
		...points.flatMap((point) => [
			make('circle', { class: 'p95', cx: point.x, cy: point.p95, r: 2 }),
			make('circle', { class: 'median', cx: point.x, cy: point.median, r: 2.5 }),
		]),
	];
}

/** @param {number} at */
export const clock = (at) => new Date(at).toLocaleTimeString('en-GB');

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
function make(name, attributes, text) {
	const element = document.createElementNS(SVG, name);
	for (const [attribute, value] of Object.entries(attributes))
		element.setAttribute(attribute, String(value));
	if (text !== undefined) element.textContent = text;
	return element;
}
