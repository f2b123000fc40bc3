import type { Owner } from '../host/rest.mts';

interface Introduction {
	readonly n8nUrl: string;
	readonly workflowId: string;
	readonly pid: number | null;
	readonly owner: Owner;
	readonly simulatorUrl: string;
	readonly rate: number;
	readonly logFile: string;
	readonly survivesKill: boolean;
}

/** What a visitor can look at and try, ready to be copied. */
export function introduction({
	n8nUrl,
	workflowId,
	pid,
	owner,
	simulatorUrl,
	rate,
	logFile,
	survivesKill,
}: Introduction): string {
	const post = (path: string, body?: object): string =>
		`curl -X POST ${simulatorUrl}${path}${body ? ` -d '${JSON.stringify(body)}'` : ''}`;
	const kill = survivesKill
		? 'it starts again at once, and the counts go on'
		: 'it starts again at once; this n8n has no durable cursors (2.37 and later have), so a kill at the wrong moment can cost or repeat a batch';
	return `
n8n        ${n8nUrl}/workflow/${workflowId}
           log in with ${owner.email} and ${owner.password}
           process ${pid}, log in ${logFile}
Cynet 360  ${simulatorUrl} (simulated), ${rate} alerts a minute

Open ${simulatorUrl} in a browser: it shows what goes on, and has buttons for most of what follows.

Or try, in another terminal:
  kill n8n             kill -9 ${pid}      (${kill})
  a burst              ${post('/control/raise', { count: 500 })}
  an outage            ${post('/control/faults', { kind: 'status', status: 503, times: 'forever' })}
  … its end            curl -X DELETE ${simulatorUrl}/control/faults
  rate limiting        ${post('/control/faults', { kind: 'status', status: 429, retryAfter: 20 })}
  tokens expire        ${post('/control/expire-tokens')}
  alerts shown late    ${post('/control/raise', { count: 5, lateSeconds: 120 })}
  what has arrived     curl ${simulatorUrl}/ledger

A line follows after 20 seconds and then every minute. Stop with Ctrl+C.
`;
}
