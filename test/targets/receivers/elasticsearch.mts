import { basic, demand, type Contract } from './contract.mts';

const error = (status: number, type: string, reason: string) => ({
	status,
	body: { error: { type, reason }, status },
});

/** A document with a known id is written again. */
export const elasticsearch: Contract = {
	target: 'Elasticsearch',
	source: 'Elasticsearch Index API; an index, for a data stream takes no documents with ids',
	refusal: error(401, 'security_exception', 'unable to authenticate user'),
	isAllowed: ({ headers }) => headers.authorization === basic('elastic', 'elastic-password'),
	routes: {
		'PUT /{index}/_doc/{id}': (call, kept) => {
			const document = call.json<Record<string, unknown>>();
			const { id = '' } = call.params;
			demand(
				typeof document['@timestamp'] === 'string' &&
					!Number.isNaN(Date.parse(document['@timestamp'])),
				error(
					400,
					'document_parsing_exception',
					'data stream timestamp field [@timestamp] is missing',
				),
			);
			demand(
				Buffer.byteLength(id) <= 512,
				error(400, 'action_request_validation_exception', 'id is too long'),
			);
			demand(
				!(
					'error' in document &&
					typeof document.error === 'object' &&
					'stack' in (document.error ?? {})
				),
				error(400, 'document_parsing_exception', "n8n's own error is no part of the alert"),
			);
			demand(
				!('inExecution' in document),
				error(400, 'document_parsing_exception', 'inExecution is no part of the alert'),
			);
			if (kept.has(id))
				return { status: 200, body: { _index: call.params.index, _id: id, result: 'updated' } };
			kept.take(id);
			return { status: 201, body: { _index: call.params.index, _id: id, result: 'created' } };
		},
	},
	// What it quotes is not what it means.
	dislike: error(
		400,
		'document_parsing_exception',
		"failed to parse field [cynet] of type [long]: 'file already exists'",
	),
	failure: (status) =>
		status === 429
			? error(
					429,
					'es_rejected_execution_exception',
					'rejected execution of coordinating operation',
				)
			: error(500, 'node_closed_exception', 'node closed'),
};
