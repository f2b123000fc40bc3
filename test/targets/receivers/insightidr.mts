import { demand, isText, type Contract } from './contract.mts';

const dropped = (what: string) => ({
	status: 400,
	body: `the real one drops this silently: ${what}`,
});

/** A webhook log; one event a request, the same event any number of times. */
export const insightIdr: Contract = {
	target: 'Rapid7 InsightIDR',
	source: 'Rapid7 webhook log; Universal Event Format, VIRUS_ALERT',
	refusal: { status: 403, body: '' },
	isAllowed: ({ path }) => path.endsWith('/idr-log-token'),
	routes: {
		'POST /v1/noformat/{token}': (call, kept) => {
			const event = call.json<Record<string, unknown> & { custom_data: { cynet_id: string } }>();
			demand(
				event.version === 'v1' && event.event_type === 'VIRUS_ALERT',
				dropped('version, event_type'),
			);
			demand(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(event.time)), dropped('time'));
			demand(
				/^(\d{1,3}\.){3}\d{1,3}$/.test(String(event.source_address)) && isText(event.alert_title),
				dropped('source_address, alert_title'),
			);
			kept.take(event.custom_data.cynet_id);
			return { status: 204 };
		},
	},
	failure: (status) => ({ status, body: '' }),
};
