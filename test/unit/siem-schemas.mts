/** Schemas of what SIEMs take, put down by hand from their public specifications. */
type Schema = Record<string, unknown>;

/**
 * GELF 1.1 (https://go2docs.graylog.org/current/getting_in_log_data/gelf.html): additional fields
 * begin with "_", have letters, digits, "_", "-" and "."
 * in their names, and are texts or numbers; "_id" is none.
 */
export const gelfMessage: Schema = {
	type: 'object',
	properties: {
		version: { const: '1.1' },
		host: { type: 'string', minLength: 1 },
		short_message: { type: 'string', minLength: 1 },
		full_message: { type: 'string' },
		timestamp: { type: 'number', minimum: 0 },
		level: { type: 'integer', minimum: 0, maximum: 7 },
		_id: false,
	},
	patternProperties: { '^_[\\w.-]+$': { type: ['string', 'number'] } },
	required: ['version', 'host', 'short_message'],
	additionalProperties: false,
};

const id = (type: string): Schema => ({
	type: 'string',
	pattern: `^${type}--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
});
const time: Schema = {
	type: 'string',
	pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
};
const text: Schema = { type: 'string', minLength: 1 };
const common = { spec_version: { const: '2.1' }, created: time, modified: time };
const COMMON = ['type', 'spec_version', 'id', 'created', 'modified'];

const identity: Schema = {
	type: 'object',
	properties: {
		...common,
		type: { const: 'identity' },
		id: id('identity'),
		name: text,
		identity_class: { enum: ['individual', 'group', 'system', 'organization', 'class', 'unknown'] },
	},
	required: [...COMMON, 'name'],
	additionalProperties: false,
};

const indicator: Schema = {
	type: 'object',
	properties: {
		...common,
		type: { const: 'indicator' },
		id: id('indicator'),
		created_by_ref: id('identity'),
		name: text,
		description: text,
		indicator_types: {
			type: 'array',
			minItems: 1,
			items: {
				enum: [
					'anomalous-activity',
					'anonymization',
					'benign',
					'compromised',
					'malicious-activity',
					'attribution',
					'unknown',
				],
			},
		},
		pattern: text,
		pattern_type: { const: 'stix' },
		valid_from: time,
		labels: { type: 'array', minItems: 1, items: text },
		external_references: {
			type: 'array',
			minItems: 1,
			items: {
				type: 'object',
				properties: { source_name: text, external_id: text },
				required: ['source_name', 'external_id'],
				additionalProperties: false,
			},
		},
	},
	required: [...COMMON, 'pattern', 'pattern_type', 'valid_from'],
	additionalProperties: false,
};

/**
 * A bundle of STIX 2.1 (https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html) with an
 * identity and indicators.
 */
export const stixBundle: Schema = {
	type: 'object',
	properties: {
		type: { const: 'bundle' },
		id: id('bundle'),
		objects: { type: 'array', minItems: 1, items: { oneOf: [identity, indicator] } },
	},
	required: ['type', 'id'],
	additionalProperties: false,
};
