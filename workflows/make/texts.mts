import { TRIES } from './nodes.mts';

/** What every note says about delivery, in the same words. */
export const DELIVERY = {
	/** Targets that know an alert by its key. */
	once: 'Every alert arrives, and once: what the target has already is left alone. So is the last batch, which *Replay After Restart* hands over again after any restart of n8n; with durable cursors turn the option off.',
	/** Targets that are asked first. */
	lookUp: 'Every alert arrives, and once: the target is asked for its key before anything is created. *Replay After Restart* is off, because two executions with the same alert at the same moment would both create it. If n8n is killed just between its two writes of a poll, that poll\'s alerts are lost: durable cursors close that gap (see the package\'s guarantees), or *Replay After Restart*, if two tickets are better than none.',
	/** Targets that take the same thing twice. */
	atLeastOnce: 'Every alert arrives. *Replay After Restart* is on: after any restart of n8n the last batch (up to *Max Alerts*) can come again, and so can an alert whose answer got lost; the `dedupKey` is the same. With durable cursors turn the option off.',
	waits: `While the target is away, alerts wait in n8n's database and are sent again every 70 seconds; a restart does not lose them. What the target refuses for good, or has not taken in ${TRIES.toLocaleString('en')} tries (about a day; the number stands in **Give Up?**), fails the execution: choose *Cynet: heartbeat* as the error workflow to be told, mend the cause, and choose *Retry with currently saved workflow* for that execution: it sends again what was not taken.`,
	crash: 'An execution that n8n cuts off in the middle (a kill, a power cut) is run again by the template *Cynet: redeliver after a crash*, as long as the name of this workflow begins with *Cynet*.',
} as const;

export const note = (title: string, intro: string, steps: readonly string[], promise: keyof Pick<typeof DELIVERY, 'once' | 'lookUp' | 'atLeastOnce'>): string =>
	[
		`## ${title}`,
		intro,
		'',
		...['**Cynet Trigger**: choose your *Cynet API* credential.', ...steps, 'Publish (activate) the workflow.'].map((step, index) => `${index + 1}. ${step}`),
		'',
		DELIVERY[promise],
		'',
		DELIVERY.waits,
		'',
		DELIVERY.crash,
	].join('\n');

/** An expression over `alert` for its severity, 1 (information) to 5 (critical) or null: the first entry is for null. */
export const bySeverity = (values: readonly unknown[], alert = '$json'): string => `${JSON.stringify(values)}[${alert}.severityLevel ?? 0]`;

/** A line for people. */
export const title = (alert = '$json'): string => `('[' + (${alert}.severity ?? 'Unknown') + '] ' + (${alert}.name ?? 'Alert') + (${alert}.host ? ' on ' + ${alert}.host : ''))`;

/** The alert as lines of text; empty fields are left out. */
export const lines = (alert = '$json'): string =>
	`[['Host', ${alert}.host], ['IP', ${alert}.hostIp], ['User', ${alert}.user], ['Path', ${alert}.path], ['Command line', ${alert}.commandLine], ['SHA-256', ${alert}.sha256], ['Seen', ${alert}.lastSeenAt], ['Site', ${alert}.clientId], ['Key', ${alert}.dedupKey]].filter((line) => line[1]).map((line) => line[0] + ': ' + line[1]).concat(['', ${alert}.description ?? '', '', ${alert}.recommendation ?? '']).join('\\n')`;

/** The alert without what other nodes added to it. */
export const bare = (alert = '$json'): string => `Object.fromEntries(Object.entries(${alert}).filter((field) => !['error', 'sending', 'settings'].includes(field[0])))`;
