/** Values of OCSF 1.8.0 (https://schema.ocsf.io/1.8.0) for those of Cynet. */

/** A value and its caption. */
export type Choice = readonly [id: number, caption: string];

export const UNKNOWN: Choice = [0, 'Unknown'];

/** By the vendor's severity; one that it has added since is 99, with its own name. */
export const SEVERITY: Readonly<Record<number, Choice>> = {
	1: [1, 'Informational'],
	2: [2, 'Low'],
	3: [3, 'Medium'],
	4: [4, 'High'],
	5: [5, 'Critical'],
	99: UNKNOWN,
};

/** By the vendor's status. */
export const STATUS: Readonly<Record<number, Choice>> = {
	0: [1, 'New'],
	1: [2, 'In Progress'],
	2: [3, 'Suppressed'],
	3: [4, 'Resolved'],
};

/** By what happened to the alert; an update that closed it is 3. */
export const ACTIVITY: ReadonlyMap<string, Choice> = new Map<string, Choice>([
	['created', [1, 'Create']],
	['recurred', [2, 'Update']],
	['updated', [2, 'Update']],
]);
export const CLOSE: Choice = [3, 'Close'];

interface Prevention {
	readonly action: Choice;
	readonly disposition: Choice;
}
/**
 * By a word for what the vendor did, in lower case; the first one that is there tells what became
 * of it. Its list of words is not published: others
 * are unknown.
 */
const PREVENTIONS: ReadonlyArray<readonly [word: RegExp, prevention: Prevention]> = [
	[/^delet/, { action: [2, 'Denied'], disposition: [5, 'Deleted'] }],
	[/^quarantin/, { action: [2, 'Denied'], disposition: [3, 'Quarantined'] }],
	[/^isolat/, { action: [2, 'Denied'], disposition: [4, 'Isolated'] }],
	[
		/^(?:true|block|kill|prevent|terminat|renam)/,
		{ action: [2, 'Denied'], disposition: [2, 'Blocked'] },
	],
	[
		/^(?:false|alert only$|detect|audit)/,
		{ action: [3, 'Observed'], disposition: [15, 'Detected'] },
	],
];

/** A word for a prevention is short. */
const LONGEST_PREVENTION = 100;

/**
 * What the vendor's words mean, such as "Quarantined", "Alert only" and "Kill, Rename"; undefined
 * for none that are known, and for what failed.
 */
export function preventionOf(said: string | undefined): Prevention | undefined {
	if (
		said === undefined ||
		said.length > LONGEST_PREVENTION ||
		/fail|error|unable|\bnot?\b/i.test(said)
	)
		return undefined;
	const words = said
		.toLowerCase()
		.split(/[,;/+&|]/)
		.map((word) => word.trim());
	return PREVENTIONS.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1];
}

/** By the vendor's type of malware, in lower case; another one is 99, with its own name. */
export const MALWARE: ReadonlyMap<string, Choice> = new Map<string, Choice>([
	['adware', [1, 'Adware']],
	['backdoor', [2, 'Backdoor']],
	['bot', [3, 'Bot']],
	['bootkit', [4, 'Bootkit']],
	['downloader', [6, 'Downloader']],
	['dropper', [7, 'Dropper']],
	['keylogger', [9, 'Keylogger']],
	['ransomware', [10, 'Ransomware']],
	['rootkit', [15, 'Rootkit']],
	['spyware', [17, 'Spyware']],
	['trojan', [18, 'Trojan']],
	['virus', [19, 'Virus']],
	['webshell', [20, 'Webshell']],
	['wiper', [21, 'Wiper']],
	['worm', [22, 'Worm']],
]);

/** By how the name of an operating system begins or what it holds. */
export const SYSTEMS: ReadonlyArray<readonly [pattern: RegExp, system: Choice, ecs: string]> = [
	[/windows/i, [100, 'Windows'], 'windows'],
	[/mac ?os|os x|darwin/i, [300, 'macOS'], 'macos'],
	[/linux|ubuntu|debian|centos|red ?hat|rhel|suse|fedora/i, [200, 'Linux'], 'linux'],
];

/** What is worth looking for elsewhere: the attribute that holds it, and its kind. */
export const OBSERVABLES: ReadonlyArray<readonly [attribute: string, kind: Choice]> = [
	['device.hostname', [1, 'Hostname']],
	['device.ip', [2, 'IP Address']],
	['evidences[0].user.name', [4, 'User Name']],
	['evidences[0].file.name', [7, 'File Name']],
	['evidences[0].file.path', [45, 'File Path']],
	['evidences[0].file.hashes[0].value', [8, 'Hash']],
	['evidences[0].process.cmd_line', [13, 'Command Line']],
	['evidences[0].process.file.hashes[0].value', [8, 'Hash']],
	['evidences[0].dst_endpoint.hostname', [1, 'Hostname']],
	['evidences[0].dst_endpoint.ip', [2, 'IP Address']],
	['evidences[0].url.url_string', [6, 'URL String']],
];
