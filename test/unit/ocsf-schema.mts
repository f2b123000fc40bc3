/**
 * The part of a Detection Finding (class 2004) of OCSF 1.8.0 that the converter may write, put down by hand from
 * https://schema.ocsf.io/1.8.0/classes/detection_finding: names, types, values, what is required and what must be there
 * at least. An attribute that is not listed is an error.
 */
type Schema = Record<string, unknown>;

const text: Schema = { type: 'string' };
const whole: Schema = { type: 'integer' };
const yes: Schema = { type: 'boolean' };
const one = (...values: number[]): Schema => ({ type: 'integer', enum: values });
const list = (items: Schema): Schema => ({ type: 'array', items });
const upTo = (last: number): number[] => [...Array(last + 1).keys()];

/** @param more which attributes are required, and of which one must be there at least */
const object = (
	properties: Record<string, Schema>,
	{ required = [], oneOf = [] }: { required?: string[]; oneOf?: string[] } = {},
): Schema => ({
	type: 'object',
	properties,
	required,
	additionalProperties: false,
	...(oneOf.length > 0 && { anyOf: oneOf.map((name) => ({ required: [name] })) }),
});

const NAMED = { oneOf: ['name', 'uid'] };
const ip: Schema = {
	type: 'string',
	anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }],
	maxLength: 40,
};
const entity = object({ name: text, uid: text, src_url: text }, NAMED);
const user = object({ name: text, domain: text, uid: text }, { oneOf: ['account', 'name', 'uid'] });
const fingerprint = object(
	{ algorithm: text, algorithm_id: one(...upTo(20), 99), value: text },
	{ required: ['algorithm_id', 'value'] },
);
const file = object(
	{
		name: text,
		path: text,
		ext: text,
		type: text,
		type_id: one(...upTo(8), 99),
		hashes: list(fingerprint),
	},
	{ required: ['name', 'type_id'] },
);
const process: Schema = object(
	{
		name: text,
		path: text,
		pid: whole,
		uid: text,
		cmd_line: text,
		file,
		user,
		parent_process: { $ref: '#/$defs/process' },
	},
	{ oneOf: ['pid', 'uid', 'cpid'] },
);
const product = object({ name: text, vendor_name: text, version: text, uid: text }, NAMED);
const os = object(
	{ name: text, type: text, type_id: one(0, 99, 100, 101, 200, 201, 300, 301, 302, 400, 401, 402) },
	{ required: ['name', 'type_id'] },
);
const agent = object(
	{ name: text, type: text, type_id: one(...upTo(9), 99), version: text },
	NAMED,
);
const device = object(
	{
		hostname: text,
		ip,
		uid: text,
		type: text,
		type_id: one(...upTo(15), 99),
		os,
		groups: list(object({ name: text, uid: text }, NAMED)),
		agent_list: list(agent),
	},
	{ required: ['type_id'], oneOf: ['hostname', 'ip', 'uid', 'name'] },
);
const malware = object(
	{
		name: text,
		uid: text,
		path: text,
		classifications: list(text),
		classification_ids: list(one(...upTo(11), 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 99)),
	},
	{ required: ['classification_ids'], ...NAMED },
);
const findingInfo = object(
	{
		uid: text,
		uid_alt: text,
		title: text,
		desc: text,
		types: list(text),
		created_time: whole,
		modified_time: whole,
		first_seen_time: whole,
		last_seen_time: whole,
		analytic: object(
			{ name: text, uid: text, type: text, type_id: one(...upTo(11), 99) },
			{ required: ['type_id'], ...NAMED },
		),
		attacks: list(
			object(
				{ tactic: entity, technique: entity, sub_technique: entity },
				{ oneOf: ['tactic', 'technique', 'sub_technique'] },
			),
		),
	},
	{ required: ['uid'] },
);
const evidence = object(
	{
		process: { $ref: '#/$defs/process' },
		file,
		user,
		dst_endpoint: object({ hostname: text, ip }, { oneOf: ['hostname', 'ip'] }),
		url: object({ url_string: text }, { required: ['url_string'] }),
	},
	{ oneOf: ['process', 'file', 'user', 'dst_endpoint', 'url'] },
);
const metadata = object(
	{
		version: { const: '1.8.0' },
		uid: text,
		tenant_uid: text,
		profiles: list(text),
		product,
		log_name: text,
		log_provider: text,
		original_time: text,
		reporter: object({ name: text, uid: text }, NAMED),
	},
	{ required: ['product', 'version'] },
);

export const detectionFinding: Schema = {
	$defs: { process },
	...object(
		{
			activity_id: one(0, 1, 2, 3, 99),
			activity_name: text,
			category_uid: { const: 2 },
			category_name: text,
			class_uid: { const: 2004 },
			class_name: text,
			type_uid: whole,
			type_name: text,
			time: whole,
			start_time: whole,
			end_time: whole,
			message: text,
			is_alert: yes,
			severity_id: one(...upTo(6), 99),
			severity: text,
			status_id: one(...upTo(6), 99),
			status: text,
			status_code: text,
			status_detail: text,
			action_id: one(...upTo(4), 99),
			action: text,
			disposition_id: one(...upTo(27), 99),
			disposition: text,
			metadata,
			finding_info: findingInfo,
			device,
			malware: list(malware),
			evidences: list(evidence),
			remediation: object({ desc: text }, { required: ['desc'] }),
			resources: list(object({ name: text, uid: text, type: text }, NAMED)),
			observables: list(
				object(
					{ name: text, type: text, type_id: one(...upTo(48), 99), value: text },
					{ required: ['type_id'] },
				),
			),
			raw_data: text,
			unmapped: { type: 'object' },
		},
		{
			required: [
				'activity_id',
				'category_uid',
				'class_uid',
				'type_uid',
				'time',
				'severity_id',
				'metadata',
				'finding_info',
			],
		},
	),
	allOf: [0, 1, 2, 3, 99].map((activity) => ({
		if: { properties: { activity_id: { const: activity } } },
		then: { properties: { type_uid: { const: 200400 + activity } } },
	})),
};
