import type { IDataObject, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { mayHaveBegun, remediate, type Remediation } from '../../shared/api/remediation';
import type { Call } from '../call';
import { FATES } from './fates';
import { once } from './once';

/**
 * Sends a remediation, or says what would be sent. What comes out tells that Cynet accepted it; whether anything happened
 * on the host is for Cynet to say.
 */
export async function act(call: Call, remediation: Remediation): Promise<IDataObject> {
	const { route } = call;
	const site = await call.site();
	const what = { clientId: site, ...subjectOf(remediation), request: { ...remediation } };
	if (call.guard('dryRun')) return { accepted: false, dryRun: true, ...what };
	try {
		const { remediationIds, response, sentBefore } = await once(call, remediation, site, async () => await remediate(call.context, remediation, route));
		return { accepted: true, ...what, remediationIds: [...remediationIds], response, ...(sentBefore && { sentBefore }) };
	} catch (error) {
		if (error instanceof NodeOperationError) throw new NodeOperationError(call.context.getNode(), error);
		throw new NodeApiError(call.context.getNode(), told(error as NodeApiError) as unknown as JsonObject);
	}
}

/** In the words of the simplified alert. */
function subjectOf({ body }: Remediation): IDataObject {
	return { host: body.host, ...(body.sha256 !== undefined && { sha256: body.sha256.toLowerCase() }) };
}

/** The error with what it means for the action. */
function told(error: NodeApiError): NodeApiError {
	error.description = mayHaveBegun(error) ? FATES.unknown : `${FATES.notBegun} ${error.description}`;
	return error;
}
