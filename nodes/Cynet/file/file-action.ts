import type { INodeProperties } from 'n8n-workflow';
import { fileRemediation, type FileAction } from '../../shared/api/remediation';
import type { Call } from '../call';
import { hostCheck, resolutionOf, resolveIp } from '../fields/host-name';
import { optionsOf } from '../fields/options';
import { sha256, sha256Of } from '../fields/sha256';
import type { Operation } from '../operation';
import { act } from '../remediation/act';
import { acceptedIsNotDone, allowDestructive, dryRun } from '../remediation/options';
import { outcomeOptions, patienceOf, watch } from '../remediation/outcome';
import { refuseAsTool } from '../remediation/tool';
import { scope, scopeOf } from './scope';

interface FileActionTexts extends Pick<Operation, 'name' | 'action' | 'description'> {
	readonly more?: readonly INodeProperties[];
}

/**
 * An operation on a file, on one host or on every host that has it.
 * @param actionOf which one, where a field decides
 */
export function fileAction(actionOf: FileAction | ((call: Call) => FileAction), texts: FileActionTexts): Operation {
	const { more = [], ...shown } = texts;
	return {
		...shown,
		properties: [sha256, ...scope, ...more, acceptedIsNotDone, optionsOf(allowDestructive, dryRun, hostCheck, resolveIp, ...outcomeOptions)],
		run: async (call) => {
			refuseAsTool(call);
			const action = typeof actionOf === 'function' ? actionOf(call) : actionOf;
			const hash = sha256Of(call);
			const patience = patienceOf(call);
			const result = { ...(await act(call, fileRemediation(action, hash, await scopeOf(call)))), ...resolutionOf(call) };
			if (patience === null || result.accepted !== true) return [result];
			return [{ ...result, outcome: await watch(call, result.remediationIds as number[], patience) }];
		},
	};
}
