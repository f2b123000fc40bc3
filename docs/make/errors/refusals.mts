import type { Words } from './words.mts';

const GONE = 'An expression gave a value that is not among the choices';

/** By the message as the code has it, with ‹names› for what is filled in. */
export const TRIGGER_REFUSALS: Readonly<Record<string, Words>> = {
	'"‹display name›" is not a whole number from ‹min› to ‹max›': {
		cause: 'An option of the trigger holds a fraction, a text, or a number out of its range',
		when: 'An option is outside its range, such as Page Size 0',
	},
	'"‹field›" is neither true nor false': {
		cause: 'An expression gave a text, a number or nothing for a switch',
		when: 'Simplify is `yes`',
	},
	'No event is chosen': {
		cause: 'Nothing could ever start the workflow',
		when: 'Events is emptied',
	},
	'"Client IDs" has an empty place': {
		cause: 'A comma too many, or an id that an expression left out',
		when: 'Client IDs is `1001,,1002`',
	},
	'"Client IDs" holds characters that no Client ID has': {
		cause: 'A name was entered, or a sign was pasted along with the numbers',
		when: 'Client IDs is `1001,Müller`',
	},
	'Cynet has no such alerts from the last 30 days': {
		cause: 'There is nothing to show: the site is quiet, or the filters leave everything out',
		when: 'Fetch Test Event finds no alert',
	},
	'This site shows neither alerts nor hosts of the last 30 days': {
		cause:
			'Client ID names another site, perhaps one of another customer, or the site has no agents yet',
		when: 'Fetch Test Event finds no alert, and the site has no host',
	},
	'‹what n8n says›': {
		cause: 'n8n cannot give the credential to the trigger: none is chosen, or it was deleted',
		when: 'The trigger has no credential',
	},
};

/** The same for the action node. */
export const NODE_REFUSALS: Readonly<Record<string, Words>> = {
	'This node has no such operation': {
		cause: 'An expression or an imported workflow names an operation that does not exist',
		when: 'Alert: `close`',
	},
	'"‹display name›" is neither true nor false': {
		cause:
			'An expression gave a text, a number or nothing for a switch. One that protects, such as Dry Run, counts as on then and is not refused',
		when: 'File: Kill with `yes` for Wait for the Outcome',
	},
	'"Client ID" is empty': {
		cause:
			"The option was added, and its expression came to nothing. The credential's site is not what was meant",
		when: 'Host: Isolate with the option Client ID blank',
	},
	'"Client ID" holds characters that no Client ID has': {
		cause: 'What the expression gave is not a number of a site',
		when: 'Host: Isolate with a line break in the option Client ID',
	},
	'There is no list as long as Client ID is empty or an expression': {
		cause: 'Which site an expression means is known only for an item',
		when: 'The list of hosts is opened with an expression in the option Client ID',
	},
	'"Host Name" is empty': {
		cause: 'The field or its expression is empty',
		when: 'Host: Unisolate without a name',
	},
	'"Host Name" is an IP address (‹name›)': {
		cause: 'Cynet addresses hosts by name only',
		when: 'Host: Isolate `10.20.3.4`',
	},
	'A dry run sends nothing, so it cannot look up an IP address': {
		cause: 'Dry Run and Resolve IP exclude each other where an address is given',
		when: 'Host: Isolate `10.20.3.4` with Dry Run and Resolve IP',
	},
	'"Host Name" cannot be the name of a host: ‹why›': {
		cause:
			'The field or its expression gave a list, a wildcard, a network, an address with a port, or a text that only looks like a name',
		when: 'Host: Isolate `A, B`, `10.0.0.0/24`, `undefined`, `*`; also as a filter of Alert: Get Many, and of the trigger when it is published',
	},
	'"Host Name" is an IP address of no single host (‹name›): ‹flaw›': {
		cause: 'The address is no whole one, or one that many hosts can have',
		when: 'Host: Isolate `127.0.0.1` with Resolve IP',
	},
	'"Host Check" is none of its choices': {
		cause: GONE,
		when: 'Host: Isolate with `x` as Host Check',
	},
	'No host has the name ‹name›': {
		cause:
			'The name has a typing slip, the host is of another site, or it was silent for 30 days. Cynet would report success all the same',
		when: 'Host: Isolate `NOBODY`',
	},
	'‹number› hosts have the name ‹name›, last seen: ‹candidates›': {
		cause: 'A host is its name and its disk: a machine set up anew is a second host of the name',
		when: 'Host: Isolate a name that Cynet has twice',
	},
	'‹host› runs ‹system›, and Cynet isolates Windows only': {
		cause: 'The list of hosts says so',
		when: 'Host: Isolate a Mac',
	},
	'The name that Cynet has for this host cannot be sent: ‹flaw›': {
		cause: 'A host can call itself what it likes, also a wildcard or a line break',
		when: 'Host: Shut Down with Resolve IP and the address of a host whose name is `*`',
	},
	'No host has the IP address ‹ip›': {
		cause: 'The host was silent for 30 days, or had another address last',
		when: 'Host: Get with Resolve IP and an address that nobody has',
	},
	'‹number› hosts have the IP address ‹ip›: ‹shown›': {
		cause: 'Addresses are given out anew, so one address can name several hosts',
		when: 'Host: Get with Resolve IP and an address that several hosts had last',
	},
	'"User Name" cannot be the name of a user: ‹why›': {
		cause: 'The field or its expression gave a wildcard, or a text that only looks like a name',
		when: 'User: Get `undefined`',
	},
	'"User Name" is empty': {
		cause: 'The field or its expression is empty',
		when: 'User: Get without a name',
	},
	'"SHA-256" is empty': {
		cause: 'The field or its expression is empty: not every alert has a hash',
		when: 'File: Verify without a hash',
	},
	'"SHA-256" is not 64 hexadecimal digits (it has ‹number› characters)': {
		cause: 'Another kind of hash, such as MD5, or something that is none',
		when: 'File: Get `abc`',
	},
	'"Since" is not a date and time': {
		cause: 'The text is no date, or lies before 1970',
		when: 'Alert: Get Many since `yesterday`',
	},
	'"Limit" is not a whole number from 1 up': {
		cause: 'An expression gave 0, a fraction or a text',
		when: 'Host: Get Many with Limit 0',
	},
	'"Filters" holds something other than filters': {
		cause:
			'A workflow that was written by hand has a filter that does not exist, or a text in the place of all filters',
		when: 'Alert: Get Many is handed the filter `severity`',
	},
	'"‹display name›" is empty, which would let every alert pass': {
		cause: 'The filter was added, and it or its expression says nothing',
		when: 'Alert: Get Many with a blank Scan Group; the trigger, when it is published',
	},
	'"‹display name›" is not one line of text': {
		cause: 'An expression gave an object, a list or true in the place of a text',
		when: 'Alert: Get Many with a list as Scan Group; the trigger, when it is published',
	},
	'"‹display name›" holds ‹one›, which is none of its choices': {
		cause: GONE,
		when: 'Alert: Get Many with `hgh` among Severities; the trigger, when it is published',
	},
	'"Max Characters" is not a whole number from 100 up': {
		cause: 'An expression gave a smaller number, a fraction or a text',
		when: 'Alert: Convert to Text with Max Characters 10',
	},
	'There is no time "‹date field›" to list alerts by': {
		cause: GONE,
		when: 'Alert: Get Many with `x` as Filter By',
	},
	'There is no output "‹output›"': {
		cause: GONE,
		when: 'Host: Get Many as a tool with `all` as Output',
	},
	'"Fields" is empty': {
		cause: 'Output is Selected Fields, and no field is named',
		when: 'Host: Get Many as a tool with Selected Fields and no Fields',
	},
	'There is no scope "‹chosen›"': { cause: GONE, when: 'File: Kill with `all` as Scope' },
	'"Quarantine Endpoint" is none of its choices': {
		cause: GONE,
		when: 'File: Quarantine with `x` as Quarantine Endpoint',
	},
	'There is no report "‹report›"': {
		cause: GONE,
		when: 'Vulnerability: Get Many with `secrets` as Report',
	},
	'There is no format "‹format›"': {
		cause: GONE,
		when: 'Alert: Convert with `xml` as Output Format',
	},
	'"Alert" is not an alert of Cynet': {
		cause: 'The field points to something else, such as the whole answer of another node',
		when: 'Alert: Convert on an empty item',
	},
	'The alert is simplified, and its other fields are gone': {
		cause: "Raw is Cynet's own object, which a simplified alert no longer holds",
		when: 'Alert: Convert of a simplified alert to Raw',
	},
	'"Site GUID" is empty': {
		cause: 'The ESPM reports need it beside the Client ID',
		when: 'Vulnerability: Get Many of ESPM Vulnerabilities without it',
	},
	'"Site GUID" is not the GUID of a site (‹guid›)': {
		cause: 'The Client ID was entered, or an expression came to nothing',
		when: 'Vulnerability: Get Many of ESPM Vulnerabilities with `1001`',
	},
	'"Site GUID" holds characters that no GUID has': {
		cause: 'Something else was entered',
		when: 'Vulnerability: Get Many of ESPM Vulnerabilities with `../x`',
	},
	'"Foreign Client ID" holds characters that no Client ID has': {
		cause: 'What was entered is not a number of a site',
		when: 'Connection: Diagnose with a line break in the option Foreign Client ID',
	},
	'"Remediation IDs" holds something other than whole numbers': {
		cause: 'Something else was entered',
		when: 'Connection: Diagnose with `1/../kill` among the Remediation IDs',
	},
	'"Remediation ID" is empty': {
		cause: 'The field or its expression is empty',
		when: 'File: Get Remediation without a number',
	},
	'"Remediation ID" is not a whole number': {
		cause: 'Something else was entered',
		when: 'File: Get Remediation `1/../kill`, or a number of more than 15 digits',
	},
	'"Wait Limit (Seconds)" is not a whole number from 1 to 86400': {
		cause: 'The option is out of its range',
		when: 'File: Kill with Wait for the Outcome and a limit of 0',
	},
	'"Final Status Codes" holds something other than whole numbers': {
		cause: 'Codes are numbers; their texts are not known',
		when: 'File: Kill with Wait for the Outcome and the code `done`',
	},
	'This action was sent before and may have begun, so it is not sent again': {
		cause: 'Retry On Fail of n8n ran the node once more after a request whose fate is not known',
		when: 'Host: Isolate loses its connection, and n8n runs the node again',
	},
	'This item was acted on before in another way, so nothing is sent for it again': {
		cause:
			'Retry On Fail of n8n ran the node once more, and an expression or a look-up came to something else than the first time',
		when: 'Host: Isolate with Resolve IP, and the address has moved when n8n runs the node again',
	},
	'n8n runs this execution again, and kept no record of this action': {
		cause:
			'Someone or a workflow retried the execution. n8n keeps the record of what was sent when an execution fails, and loses it when n8n is killed',
		when: 'Host: Isolate in an execution that n8n runs again',
	},
	'The execution was stopped before this item': {
		cause: 'Someone stopped the execution, or its time was over',
		when: 'An execution of three items is stopped at the first',
	},
	'An AI agent may not fill in "‹field›"': {
		cause:
			'Scope, Operation, Client ID or another field that decides what is done holds an expression that the agent fills in',
		when: 'File: Kill as a tool with `$fromAI` in Scope',
	},
	'An AI agent may not act on every host': {
		cause: 'The node runs as the tool of an AI agent, and Scope is Every Host That Has the File',
		when: 'File: Kill on every host as a tool',
	},
	'This operation is not allowed to an AI agent': {
		cause: 'The node runs as the tool of an AI agent, and the operation changes something on hosts',
		when: 'Host: Isolate as a tool',
	},
};
