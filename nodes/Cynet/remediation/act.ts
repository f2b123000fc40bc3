import type { IDataObject, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { saidOf } from '../../shared/api/errors';
import {
	mayHaveBegun,
	remediate,
	type Remediation,
	type RemediationId,
} from '../../shared/api/remediation';
import type { Call } from '../call';
import { FATES } from './fates';
import { once } from './once';
import { runsAsTool } from './tool';

/** An agent reads no documentation. */
const TOLD_TO_AGENTS =
	'Cynet has accepted the request. It is not done yet: it can take up to 24 hours, and Cynet accepts requests for hosts that are off or out of reach as well. Do not say that it is done.';

/**
 * Sends a remediation, or says what would be sent. What comes out tells that Cynet accepted it;
 * whether anything happened
 * on the host is for Cynet to say.
 */
export async function act(call: Call, remediation: Remediation): Promise<IDataObject> {
	const { route } = call;
	const site = await call.site();
	const what = { clientId: site, ...subjectOf(remediation), request: { ...remediation } };
	if (call.guard('dryRun')) {
		call.execution.hints.count('dryRun');
		return { accepted: false, dryRun: true, ...what };
	}
	try {
		const options = { ...route, silenceIsConsent: call.allows('acceptEmptyAnswer') };
		const { remediationIds, response, sentBefore } = await once(
			call,
			remediation,
			site,
			async () => await remediate(call.context, remediation, options),
		);
		call.execution.hints.count('accepted');
		const accepted = {
			accepted: true,
			...what,
			remediationIds: [...remediationIds],
			response,
			...(sentBefore && { sentBefore }),
		};
		return runsAsTool(call.context) ? { ...accepted, note: TOLD_TO_AGENTS } : accepted;
	} catch (error) {
		if (error instanceof NodeOperationError)
			throw new NodeOperationError(call.context.getNode(), error);
		throw new NodeApiError(
			call.context.getNode(),
			told(error as NodeApiError) as unknown as JsonObject,
		);
	}
}

/** The ids of a remediation that was accepted; null where nothing was. */
export function idsOf(result: IDataObject): RemediationId[] | null {
	return result.accepted === true ? (result.remediationIds as RemediationId[]) : null;
}

/** In the words of the simplified alert. */
function subjectOf({ body }: Remediation): IDataObject {
	return {
		host: body.host,
		...(body.sha256 !== undefined && { sha256: body.sha256.toLowerCase() }),
	};
}

/** The error with what it means for the action. */
function told(error: NodeApiError): NodeApiError {
	const said = saidOf(error);
	const unknown = said ? `${FATES.unknown}. The answer says: ${said}` : FATES.unknown;
	error.description = mayHaveBegun(error) ? unknown : `${FATES.notBegun} ${error.description}`;
	return error;
}
