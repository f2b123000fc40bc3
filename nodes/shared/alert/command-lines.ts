/** What a command line looks like, whatever the field is called in which it stands. */

/** A word of a name that speaks of one: `CommandLine`, `Process Params`, `ParentArgs`, `commandline_parameters`. */
const COMMAND_WORD =
	/^(?:[a-z]*(?:command|cmd)(?:lines?|s)?|[a-z]*(?:params?|parameters?|args?|argv|arguments?)|cli)$/;
/** What is told of a command line that is none itself. */
const ABOUT = new Set(
	'hash sha256 sha1 md5 count length size id type time date status name'.split(' '),
);
const LONGEST_NAME = 200;

/** Whether a field of that name holds a command line or a part of one. */
export function isCommandName(name: string): boolean {
	if (name.length > LONGEST_NAME) return false;
	const words = name
		.replace(/([a-z])([A-Z])/g, '$1 $2')
		.toLowerCase()
		.split(/[^a-z0-9]+/)
		.filter(Boolean);
	return (
		words.some((word) => COMMAND_WORD.test(word)) && !ABOUT.has(words[words.length - 1] as string)
	);
}

/** A command line that begins in the middle of a text, by its name: `Command line=…`, `"ProcessParams":…`. */
const NAMED_IN_TEXT =
	/(?:command|cmd|params?|parameters?|args?|argv|arguments?)(?:[\s_-]*lines?)?["']?\s{0,20}[:=]/i;

/** Where a command line begins by its name within a text; -1 where none does. */
export const namedIn = (text: string): number => {
	const found = NAMED_IN_TEXT.exec(text);
	return found ? found.index + found[0].length : -1;
};

/** A program by how its file's name ends, or a script. */
const PROGRAM_FILE =
	/\.(?:exe|com|bat|cmd|ps1|psm1|vbs|vbe|jse?|wsf|hta|msi|dll|scr|cpl|sh|py|pl|rb|jar|bin)$/i;
/** Programs that are called by their name alone. */
const PROGRAMS = new Set(
	(
		'powershell pwsh cmd bash sh zsh python python3 perl ruby node java curl wget ssh scp ' +
		'sshpass sudo su net net1 sc reg rundll32 regsvr32 wmic mshta certutil schtasks psexec ' +
		'msiexec bitsadmin cscript wscript runas cmdkey nc ncat openssl mysql psql sqlcmd ' +
		'osascript launchctl plink robocopy rclone 7z ftp'
	).split(' '),
);
/** `-x`, `--long`, `/switch`, `/user:x`. */
const SWITCH = /^(?:--?[A-Za-z?]|\/[A-Za-z?][\w-]*(?:[:=]|$))/;
/** A secret that is named: `password=x`, `--token:x`, `-pwd`. */
const SECRET =
	/^["'({[]?(?:(?:--?|\/)[\w-]{0,30})?(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|credentials?)["']?[:=]./i;
const SECRET_SWITCH =
	/^(?:--?|\/)[\w-]{0,30}(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|credentials?)$/i;

/** Signs around a name. An expression for those at the end would be tried anew at each sign of a long row. */
const BEFORE_NAME = `"'\`(`;
const BEHIND_NAME = `"'\`),;`;

function nameOf(token: string): string {
	let from = 0;
	let to = token.length;
	while (from < to && BEFORE_NAME.includes(token[from] as string)) from++;
	while (to > from && BEHIND_NAME.includes(token[to - 1] as string)) to--;
	return token.slice(from, to);
}
const isProgramFile = (token: string): boolean => PROGRAM_FILE.test(nameOf(token));
function isProgram(token: string): boolean {
	const name = nameOf(token);
	return (
		isProgramFile(token) ||
		PROGRAMS.has(
			name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).toLowerCase(),
		)
	);
}

const ASSIGNMENT = /^[\w-]+=./;
/** What a program is given: a path, an address, a text in quotes. */
const ARGUMENT = /^["']?[^\s"']*[\\/].|^["']./;

/** What goes on behind so many words is left out unread. */
const MOST_TOKENS = 5_000;

/**
 * Where a command line begins in one line of text, by what it looks like: a program with a switch
 * or an assignment behind it, or with a path right behind it; a
 * line that begins with a program's file and goes on; two switches; a secret by its name. -1 where none does.
 */
export function commandIn(line: string): number {
	let program = -1;
	let isBehindProgram = false;
	let beginsWithFile = false;
	let switches = 0;
	let firstSwitch = -1;
	let before = -1;
	let tokens = 0;
	for (const { 0: token, index } of line.matchAll(/\S+/g)) {
		if (++tokens > MOST_TOKENS) return index;
		const isSwitch = SWITCH.test(token);
		if (program >= 0) {
			if (isSwitch || ASSIGNMENT.test(token) || beginsWithFile) return program;
			if (isBehindProgram && (isProgram(token) || ARGUMENT.test(token))) return program;
		}
		const isSecret =
			SECRET.test(token) || (SECRET_SWITCH.test(token) && line.length > index + token.length);
		if (isSecret) return before >= 0 && isSwitch ? Math.max(program, firstSwitch, before) : index;
		if (isSwitch && token.startsWith('-') && ++switches === 2) return firstSwitch;
		if (switches === 1 && firstSwitch < 0) firstSwitch = before >= 0 ? before : index;
		isBehindProgram = isProgram(token);
		if (program < 0 && isBehindProgram) {
			program = index;
			beginsWithFile = tokens === 1 && isProgramFile(token);
		}
		before = index;
	}
	return -1;
}
