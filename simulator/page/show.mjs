// @ts-check
import { showRefusals } from './actions.mjs';
import { clock, drawChart, seconds } from './chart.mjs';

/** @typedef {import('../control/status.mts').Status} Status */

const STEPS_SHOWN = 30;
const SIGNS = { act: '▸', good: '✓', trouble: '!', note: '·' };
const PHASES = { running: 'Running', starting: 'Starting', down: 'Down' };
const KINDS = { alerts: 'Lists of alerts', exchanges: 'Token exchanges', other: 'Other' };

let lastLine = 0;

/**
 * The whole page from one status.
 * @param {Status} status
 */
export function show(status) {
	showCounts(status);
	showRefusals(status.refusals);
	showLatency(status);
	showCollector(status.collector);
	showRequests(status.requests);
	showLog(status.log);
}

/** @param {string} id */
export const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @param {string} id
 * @param {string} text
 */
function put(id, text) {
	const element = part(id);
	if (element.textContent !== text) element.textContent = text;
}

const number = (/** @type {number} */ count) => count.toLocaleString('en');

/** @param {Status} status */
function showCounts({ report, waiting, late, perMinute, serverClockOffsetMs, now }) {
	const { raised, delivered, lost, twice } = report;
	for (const [id, count] of Object.entries({ raised, delivered, waiting, lost, twice }))
		put(id, number(count));
	put('raised-note', `${number(perMinute)} a minute`);
	put(
		'delivered-note',
		delivered === raised ? 'all of them' : `${number(report.visible)} shown by the API`,
	);
	put(
		'waiting-note',
		late > 0 ? `${number(late)} late, ${number(report.pending)} on their way` : 'on their way',
	);
	put('lost-note', lost === 0 ? '✓ none' : `✗ ${report.lostKeys.slice(0, 3).join(', ')}`);
	put(
		'twice-note',
		twice === 0 ? '✓ none' : `✗ ${report.twiceKeys.slice(0, 3).join(', ') || 'see the log'}`,
	);
	for (const [id, count] of Object.entries({ lost, twice }))
		part(id)
			.closest('div')
			?.classList.toggle('broken', count > 0);
	const hours = serverClockOffsetMs / 3_600_000;
	const offset =
		hours === 0
			? ''
			: `, ${Math.abs(+hours.toFixed(2))} h ${hours > 0 ? 'ahead of' : 'behind'} this machine`;
	put(
		'clock',
		`The server’s clock shows ${new Date(now + serverClockOffsetMs).toISOString().slice(11, 19)} UTC${offset}`,
	);
}

/** @param {Status} status */
function showLatency(status) {
	const { median, p95, longest, steps } = status.latency;
	for (const [id, ms] of Object.entries({ median, p95, longest })) put(id, seconds(ms));
	drawChart(part('chart'), status);
	part('steps').replaceChildren(
		...steps
			.slice(-STEPS_SHOWN)
			.reverse()
			.map((step) =>
				row([
					clock(step.at),
					number(step.count),
					seconds(step.median),
					seconds(step.p95),
					seconds(step.longest),
				]),
			),
	);
}

/** @param {Status['collector']} collector */
function showCollector(collector) {
	part('no-collector').hidden = collector !== null;
	part('collector-facts').hidden = collector === null;
	part('phase').className = `chip ${collector?.phase ?? 'none'}`;
	put('phase', collector ? PHASES[collector.phase] : 'Not here');
	if (!collector) return;
	put('collector-title', collector.name);
	put('version', collector.version);
	put('pid', collector.pid === null ? 'none' : String(collector.pid));
	put('ended', `${collector.ended} ×`);
	put('repeated', number(collector.repeated));
	part('sign-in-row').hidden = collector.signIn === null;
	put('sign-in', collector.signIn ?? '');
	/** @type {HTMLAnchorElement} */ (part('editor')).href = collector.url;
}

/** @param {Status['requests']} requests */
function showRequests({ counts, lastMinute }) {
	const statuses = [...new Set(Object.values(counts).flatMap((kind) => Object.keys(kind)))].sort();
	put('last-minute', `${number(lastMinute)} in the last minute`);
	part('statuses').replaceChildren(
		row(
			['Kind', ...statuses.map((status) => (status === 'none' ? 'No answer' : status)), 'All'],
			'col',
		),
	);
	part('kinds').replaceChildren(
		...Object.entries(KINDS).map(([kind, name]) => {
			const byStatus = counts[/** @type {keyof typeof KINDS} */ (kind)];
			const all = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
			return row([name, ...statuses.map((status) => number(byStatus[status] ?? 0)), number(all)]);
		}),
	);
}

/**
 * Adds what is new, newest first, so that it is read out once.
 * @param {Status['log']} lines
 */
function showLog(lines) {
	const log = part('log');
	// Another run of the simulator counts from 1 again.
	if ((lines.at(-1)?.id ?? 0) < lastLine) {
		lastLine = 0;
		log.replaceChildren();
	}
	for (const { id, at, kind, text } of lines) {
		if (id <= lastLine) continue;
		lastLine = id;
		const item = document.createElement('li');
		item.dataset.kind = kind;
		const time = document.createElement('time');
		time.dateTime = new Date(at).toISOString();
		time.textContent = clock(at);
		const sign = document.createElement('span');
		sign.setAttribute('aria-hidden', 'true');
		sign.textContent = SIGNS[kind];
		const words = document.createElement('span');
		words.textContent = text;
		item.append(time, sign, words);
		log.prepend(item);
	}
	while (log.children.length > 200) log.lastChild?.remove();
}

/**
 * @param {string[]} texts the first one names the row
 * @param {'row' | 'col'} scope
 */
function row([first = '', ...rest], scope = 'row') {
	const line = document.createElement('tr');
	const cell = (/** @type {'th' | 'td'} */ name, /** @type {string} */ text) => {
		const element = document.createElement(name);
		if (name === 'th') element.setAttribute('scope', scope);
		element.textContent = text;
		return element;
	};
	line.append(cell('th', first), ...rest.map((text) => cell(scope === 'col' ? 'th' : 'td', text)));
	return line;
}
