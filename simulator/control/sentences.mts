import type { Fault } from '../faults.mts';
import type { Remediation } from '../ledger.mts';

/** Milliseconds as people say them: `8.4 s`, `2 min 5 s`, `1 h`; a number stays with its unit. */
function duration(ms: number): string {
	if (ms < 60_000) return `${(ms / 1000).toFixed(1)}\u00a0s`;
	const seconds = Math.round(ms / 1000);
	const parts = [
		[Math.floor(seconds / 3600), 'h'],
		[Math.floor(seconds / 60) % 60, 'min'],
		[seconds % 60, 's'],
	] as const;
	return parts
		.filter(([count]) => count > 0)
		.map(([count, unit]) => `${count}\u00a0${unit}`)
		.join(' ');
}

const counted = (count: number): string =>
	count === 1 ? '1 alert' : `${count.toLocaleString('en')} alerts`;

export function raiseText(
	count: number,
	lateSeconds = 0,
): { mark: string; raised: string; arrived(took: number): string } {
	const was = count === 1 ? 'was' : 'were';
	const all = count === 1 ? 'The alert' : `All ${counted(count)}`;
	const have = count === 1 ? 'has' : 'have';
	return lateSeconds === 0
		? {
				mark: 'Burst',
				raised: `${counted(count)} ${was} raised at one moment.`,
				arrived: (took) =>
					`${all} of the burst ${have} been emitted, ${duration(took)} after the burst.`,
			}
		: {
				mark: 'Late',
				raised: `${counted(count)} ${was} raised; the API shows ${count === 1 ? 'it' : 'them'} ${lateSeconds} seconds late.`,
				arrived: (took) =>
					`${count === 1 ? 'The late alert' : `All ${count.toLocaleString('en')} late alerts`} ${have} been emitted, ${duration(took)} after the API showed ${count === 1 ? 'it' : 'them'}.`,
			};
}

export function faultText({ kind, status, forSeconds, match }: Fault): string {
	const what = kind === 'status' ? `with status ${status ?? 500}` : `as the fault "${kind}" says`;
	const which = match ? 'Requests that match the fault are' : 'Every request is';
	return `${which} answered ${what}${forSeconds === undefined ? '' : ` for ${forSeconds} seconds`}.`;
}

export function clockText(jumpMs: number, serverNow: number): string {
	return `The server's clock was set ${jumpMs < 0 ? 'back' : 'ahead'} by ${duration(Math.abs(jumpMs))}; it shows ${new Date(serverNow).toISOString().slice(11, 19)} UTC.`;
}

export function remediationText({ action, host, sha256, site }: Remediation): string {
	const on = host === null ? '' : ` on ${host}`;
	const file = sha256 === null ? '' : ` for the file ${sha256.slice(0, 8)}…`;
	return `Site ${site} accepted ${action}${on}${file}.`;
}
