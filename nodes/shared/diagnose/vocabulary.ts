/*
 * All that a report may say. Whatever is not in here is a tenant's own: it is counted as "other",
 * or the report is withheld.
 */

/** What a report says besides numbers, truth values, months and the names of public fields. */
const WORDS = [
	// how far a question came
	'undecided',
	'works',
	'refused',
	'unanswered',
	'missing',
	'none',
	'mixed',
	'other',
	'same',
	'different',
	// logins and tokens
	'accountToken',
	'v2Login',
	'both',
	'ownHeader',
	'otherHeader',
	'anyHeader',
	'ended',
	'lives',
	'empty',
	'rows',
	'page',
	'redirect',
	'sliding',
	'absolute',
	'longer',
	// clocks and envelope
	'envelope',
	'array',
	'iso',
	'null',
	'malformed',
	'endOfTime',
	'agree',
	'apart',
	// lists
	'inclusive',
	'exclusive',
	'shifted',
	'ignored',
	'ascending',
	'descending',
	'byId',
	'byDateChanged',
	'row0',
	'row1',
	'page0',
	'page1',
	'uncapped',
	'capped',
	'otherOrder',
	'otherRows',
	'fewer',
	'more',
	'moves',
	'stays',
	'changedSince',
	'seenSince',
	// fields
	'known',
	'beyond',
	'base64',
	'hex',
	'highFirst',
	'lowFirst',
	'json',
	'object',
	'unique',
	'repeated',
	'rising',
	'falling',
	'unordered',
	'texts',
	'objects',
	'numbers',
	'lists',
	'text',
	'number',
	'boolean',
	'list',
	'date',
	'longNumber',
	'zoned',
	'unzoned',
	'reopens',
	'snake',
	// the names of figures
	'format',
	'month',
	'product',
	'requests',
	'answers',
	'holds',
	'figures',
	'fields',
	'details',
	'hosts',
	'users',
	'file',
	'present',
	'types',
	'codes',
	'status',
	'statuses',
	'loginStatus',
	'limits',
	'asked',
	'got',
	'last',
	'first',
	'from',
	'to',
	'minutes',
	'seconds',
	'count',
	'distances',
	'underSecond',
	'underMinute',
	'underHour',
	'underDay',
	'days',
	'before',
	'stopped',
	'rateLimited',
	'cancelled',
	'budget',
	'silent',
	'thousand',
	'spaceForm',
	'zForm',
	'fractionForm',
	'offsetForm',
	'withoutSite',
	'retryAfter',
	'digits',
	'names',
	'readings',
	'alive',
] as const;

export type Word = (typeof WORDS)[number];

/** The fields of an alert in the vendor's published sample, and those that public clients read. */
export const ALERT_FIELDS = names(
	'ClientDbId Uniqueness IncidentName IncidentDescription IncidentJsonDescription IncidentRecomendation HostId HostIp HostName ProductId Sha256 Path CommandLine AlertIp AlertDomain DomainId AlertUrl UserId UserName Severity Status AlertType DateIn LastSeen DateChanged RemediationStatus DomainCrc EpsActionStatus File AlertGraphJsonResolved AlertGraphJsonRaw AutoRemediate AutoRemediationId ScanGroupName EpsRemediationActionPerformed FirstSeenUtc LastSeenUtc EpsLastSeenLocal EpsLastSeenUtc Sha256Hex ScanGuid Modules Tags MitreDetails',
);

/** The fields of the objects within an alert. */
export const NESTED_FIELDS = names(
	'CommonFileName MetaProductName Company RiskLevel EndPoints Antivirus VtRiskLevel DbId RuleName AlertName Description AlertId Priority DomainToBlock UrlToBlock IpToBlock FileName IsFileFilter IsNetworkFilter IsUserFilter HostsGroupsStr RemediationType RemediationMethod RemediationParams CreatedDate UpdatedDate RemediationMethodType DynamicRemediationTemplateId DynamicRemediationTemplateName IsEnabled RemediationAction',
);

/** The keys in `IncidentJsonDescription` that public clients and the one public alert have. */
export const DETAIL_FIELDS: ReadonlySet<string> = new Set([
	'Hostname',
	'Host Ip',
	'Host IP',
	'HostIp',
	'OS Version',
	'CynetEPS Version',
	'EPS Version',
	'Alert Name',
	'EPS Prevention',
	'Malware ID',
	'Malware Type',
	'Parent Process Details',
	'Grandparent Process Details',
	'Process SHA256',
	'Process PID',
	'Process Path',
	'Process Running User',
	'Extra Info',
	'Detection Engine',
	'Infected file',
	'Infected file SHA256',
	'Created File Path',
	'Created File Sha256',
	'Sha256',
	'Path',
	'Parent SHA256',
	'Parent Path',
	'Device Type',
	'Device Name',
	'Device ID',
	'Device Status',
	'Vendor',
	'Product',
	'Is USB',
	'Remediation Status',
	'Desired EPS Prevention',
	'Actual EPS Prevention',
]);

export const HOST_FIELDS = names(
	'ClientDbId HostName HDSerial LastIp RiskLevel LastScan DateIn OperatingSystem LastUpdate EpsVersion UsersPath LastScanUTC MacAddress ScanGroupInfo Antivirus State TotalMemory SystemPartitionSize',
);

export const USER_FIELDS = names(
	'ClientDbId Name DateIn RunningFiles BadLogins GoodLogins IsDisabled IsLocked IsBlankPassword IsVpnUser Department Email Mobile OfficePhone Role PasswordAge',
);

/** What the looked-up objects hold, in snake case. */
export const FULL_FIELDS = names(
	'hostname users files username sha256 md5 sha1 ssdeep common_filename common_path meta_product_name meta_company_name first_seen last_seen risk_level av_detections alert_severity_level alert_product_name is_whitelisted domains occurrences has_autorun_occurances last_ip operating_system eps_version department email role is_locked bad_logins',
);

const OTHER_NAMES = names(
	'data SyncTimeUtc Entities riskId productName internalId unprotectedEndpoints hostName severity statusInfo id access_token access token expires_in remediation_items',
);

/** Names of codes, which a server may send in the place of their numbers. */
const CODE_NAMES = names(
	'Information Low Medium High Critical Unknown Open Pending Ignored Closed Domain IP URL User Host System',
);

const PUBLIC: ReadonlySet<string> = new Set<string>([
	...WORDS,
	...ALERT_FIELDS,
	...NESTED_FIELDS,
	...DETAIL_FIELDS,
	...HOST_FIELDS,
	...USER_FIELDS,
	...FULL_FIELDS,
	...OTHER_NAMES,
	...CODE_NAMES,
]);

const MONTH = /^20\d\d-(?:0[1-9]|1[0-2])$/;
/** As Cynet numbers its versions: 4.31. */
const VERSION = /^\d\.\d{1,2}$/;
const CODE = /^-?\d{1,3}$/;

/** No number of a report has more digits: what counts an alert or a host has. */
export const LARGEST_NUMBER = 999;

/** Whether a text is of this vocabulary, as a whole. */
export const isPublic = (text: string): boolean =>
	PUBLIC.has(text) || MONTH.test(text) || VERSION.test(text) || CODE.test(text);

/** A name of a field as a report says it. */
export const publicName = (name: string, known: ReadonlySet<string>): string =>
	known.has(name) ? name : 'other';

function names(list: string): ReadonlySet<string> {
	return new Set(list.split(' '));
}
