import type { Words } from './words.mts';

const GONE = 'An expression gave a value that is not among the choices';

/** By the message as the code has it, with ‹names› for what is filled in. */
export const TRIGGER_REFUSALS: Readonly<Record<string, Words>> = {
	'"‹display name›" is not a whole number from ‹min› to ‹max›': { cause: 'An option of the trigger holds a fraction, a text, or a number out of its range', when: 'An option is outside its range, such as Page Size 0' },
	'No event is chosen': { cause: 'Nothing could ever start the workflow', when: 'Events is emptied' },
	'"Client IDs" has an empty place': { cause: 'A comma too many, or an id that an expression left out', when: 'Client IDs is `1001,,1002`' },
	'Cynet has no such alerts from the last 30 days': { cause: 'There is nothing to show: the site is quiet, or the filters leave everything out', when: 'Fetch Test Event finds no alert' },
	'‹what n8n says›': { cause: 'n8n cannot give the credential to the trigger: none is chosen, or it was deleted', when: 'The trigger has no credential' },
};

/** The same for the action node. */
export const NODE_REFUSALS: Readonly<Record<string, Words>> = {
	'This node has no such operation': { cause: 'An expression or an imported workflow names an operation that does not exist', when: 'Alert: `close`' },
	'"Client ID" is empty': { cause: "The option was added, and its expression came to nothing. The credential's site is not what was meant", when: 'Host: Isolate with the option Client ID blank' },
	'"Client ID" holds characters that no Client ID has': { cause: 'What the expression gave is not a number of a site', when: 'Host: Isolate with a line break in the option Client ID' },
	'"Host Name" is empty': { cause: 'The field or its expression is empty', when: 'Host: Unisolate without a name' },
	'"Host Name" is an IP address (‹name›)': { cause: 'Cynet addresses hosts by name only', when: 'Host: Isolate `10.20.3.4`' },
	'A dry run sends nothing, so it cannot look up an IP address': { cause: 'Dry Run and Resolve IP exclude each other where an address is given', when: 'Host: Isolate `10.20.3.4` with Dry Run and Resolve IP' },
	'No host has the IP address ‹ip›': { cause: 'The host was silent for 30 days, or had another address last', when: 'Host: Get with Resolve IP and an address that nobody has' },
	'‹number› hosts have the IP address ‹ip›: ‹shown›': { cause: 'Addresses are given out anew, so one address can name several hosts', when: 'Host: Get with Resolve IP and an address that several hosts had last' },
	'"User Name" is empty': { cause: 'The field or its expression is empty', when: 'User: Get without a name' },
	'"SHA-256" is empty': { cause: 'The field or its expression is empty: not every alert has a hash', when: 'File: Verify without a hash' },
	'"SHA-256" is not 64 hexadecimal digits (it has ‹number› characters)': { cause: 'Another kind of hash, such as MD5, or something that is none', when: 'File: Get `abc`' },
	'"Since" is not a date and time': { cause: 'The text is no date, or lies before 1970', when: 'Alert: Get Many since `yesterday`' },
	'"Limit" is not a whole number from 1 up': { cause: 'An expression gave 0, a fraction or a text', when: 'Host: Get Many with Limit 0' },
	'"Most Characters" is not a whole number from 100 up': { cause: 'An expression gave a smaller number, a fraction or a text', when: 'Alert: Convert to Text with Most Characters 10' },
	'There is no time "‹date field›" to list alerts by': { cause: GONE, when: 'Alert: Get Many with `x` as Time' },
	'There is no scope "‹chosen›"': { cause: GONE, when: 'File: Kill with `all` as Scope' },
	'There is no API address "‹quarantine address›"': { cause: GONE, when: 'File: Quarantine with `x` as API Address' },
	'There is no report "‹report›"': { cause: GONE, when: 'Vulnerability: Get Many with `secrets` as Report' },
	'There is no format "‹format›"': { cause: GONE, when: 'Alert: Convert with `xml` as Format' },
	'"Alert" is not an alert of Cynet': { cause: 'The field points to something else, such as the whole answer of another node', when: 'Alert: Convert on an empty item' },
	'The alert is simplified, and its other fields are gone': { cause: "Raw is Cynet's own object, which a simplified alert no longer holds", when: 'Alert: Convert of a simplified alert to Raw' },
	'"Site GUID" is empty': { cause: 'The ESPM reports need it beside the Client ID', when: 'Vulnerability: Get Many of ESPM Vulnerabilities without it' },
	'"Site GUID" holds characters that no GUID has': { cause: 'Something else was entered', when: 'Vulnerability: Get Many of ESPM Vulnerabilities with `../x`' },
	'"Remediation ID" is empty': { cause: 'The field or its expression is empty. Host operations give no such number', when: 'File: Get Remediation without a number' },
	'"Remediation ID" is not a whole number': { cause: 'Something else was entered', when: 'File: Get Remediation `1/../kill`' },
	'"Wait Limit (Seconds)" is not a whole number from 1 to 3600': { cause: 'The option is out of its range', when: 'File: Kill with Wait for the Outcome and a limit of 0' },
	'"Final Status Codes" holds something other than whole numbers': { cause: 'Codes are numbers; their texts are not known', when: 'File: Kill with Wait for the Outcome and the code `done`' },
	'This action was sent before and may have begun, so it is not sent again': { cause: 'Retry On Fail of n8n ran the node once more after a request whose fate is not known', when: 'Host: Isolate loses its connection, and n8n runs the node again' },
	'This operation is not allowed to an AI agent': { cause: 'The node runs as the tool of an AI agent, and the operation changes something on hosts', when: 'Host: Isolate as a tool' },
};
