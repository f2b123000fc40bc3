/** What a note says beside the target's own: at most eight lines in all. */

interface Note {
	readonly title: string;
	/** What it does, with what each alert becomes. */
	readonly does: string;
	/** What to fill in: nodes in bold. */
	readonly fillIn: readonly string[];
	/** Which alerts come; above the button, for the first execution is no surprise then. */
	readonly comes?: string;
	/** What happens to an alert that comes twice. */
	readonly twice: string;
	readonly target: string;
}

export const HIGH =
	'**Which alerts**: High and Critical, and those without a severity, from the moment you publish. *Severities* and *Look Back (Hours)* in **Cynet Trigger** change that.';
export const MEDIUM =
	'**Which alerts**: Medium, High and Critical, and those without a severity, from the moment you publish. *Severities* and *Look Back (Hours)* in **Cynet Trigger** change that.';
export const ALL =
	'**Which alerts**: all, from the moment you publish. *Look Back (Hours)* in **Cynet Trigger** brings older ones.';

/** For targets that take the same thing twice, and cannot be asked. */
export const TAKES_TWICE =
	'after a restart of n8n, or when an answer got lost, an alert can come twice, with the same key';

export const note = ({ title, does, fillIn, comes = HIGH, twice, target }: Note): string[] => [
	`## ${title}`,
	does,
	`**Fill in**: ${fillIn.join(' ')} Choose your *Cynet API* credential where n8n has not.`,
	comes,
	`**While ${target} is away**, executions fail and name what was not taken; a retry sends just that, along the line that leads back. **Twice**: ${twice}.`,
	'**Beside it**: *Cynet: retry failed deliveries* runs failed executions again by itself; *Cynet: heartbeat* tells you when something fails or falls silent.',
];

/** An expression over an item of Convert: one of the values by the severity's name, the last one for all others. */
export const bySeverity = (
	values: Readonly<Record<string, unknown>>,
	otherwise: unknown,
	severity = '$json.severity',
): string =>
	`(${JSON.stringify(values).replaceAll('"', "'")}[${severity}] ?? ${JSON.stringify(otherwise).replaceAll('"', "'")})`;
