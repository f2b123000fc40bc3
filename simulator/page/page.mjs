// @ts-check
import { startActions } from './actions.mjs';
import { clock } from './chart.mjs';
import { part, show } from './show.mjs';
import { startTheme } from './theme.mjs';

/** @typedef {import('../control/status.mts').Status} Status */

const EVERY_MS = 1000;
const LIMIT_MS = 5000;

/** @type {Status | null} */
let last = null;

async function refresh() {
	const offline = part('offline');
	try {
		const response = await fetch('/control/status', { signal: AbortSignal.timeout(LIMIT_MS) });
		if (!response.ok) throw new Error(String(response.status));
		last = /** @type {Status} */ (await response.json());
	} catch {
		const text = `The simulator does not answer. ${last ? `These figures are from ${clock(last.now)}.` : ''} Is npm run demo, or npm run simulator, still running?`;
		// Said once, not each second.
		if (offline.textContent !== text) offline.textContent = text;
		offline.hidden = false;
		return;
	}
	offline.hidden = true;
	offline.textContent = '';
	show(last);
}

async function goOn() {
	if (!document.hidden) await refresh();
	setTimeout(goOn, EVERY_MS);
}

startTheme();
startActions(refresh);
document.addEventListener('visibilitychange', () => void (document.hidden || refresh()));
new ResizeObserver(() => last && show(last)).observe(part('chart'));
void goOn();
