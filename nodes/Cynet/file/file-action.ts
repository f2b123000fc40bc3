import type { INodeProperties } from 'n8n-workflow';
import { fileRemediation, type FileAction } from '../../shared/api/remediation';
import type { Call } from '../call';
import { hostCheck, resolutionOf, resolveIp } from '../fields/host-name';
import { optionsOf } from '../fields/options';
import { sha256, sha256Of } from '../fields/sha256';
import type { Operation } from '../operation';
import { act, idsOf } from '../remediation/act';
import {
	acceptedIsNotDone,
	actAgainOnRetry,
	allowDestructive,
	allowEveryHost,
	dryRun,
} from '../remediation/options';
import { outcomeOptions, patienceOf, Watch } from '../remediation/outcome';
import { refuseAsTool } from '../remediation/tool';
import { scope, scopeOf } from './scope';

interface FileActionTexts extends Pick<Operation, 'name' | 'action' | 'description'> {
	/** Entries of Options. */
	readonly more?: readonly INodeProperties[];
}

/**
 * An operation on a file, on one host or on every host that has it.
 * @param actionOf which one, where a field decides
 */
export function fileAction(
	actionOf: FileAction | ((call: Call) => FileAction),
	texts: FileActionTexts,
): Operation {
	const { more = [], ...shown } = texts;
	const options = optionsOf(
		actAgainOnRetry,
		allowDestructive,
		allowEveryHost,
		dryRun,
		hostCheck,
		resolveIp,
		...outcomeOptions,
		...more,
	);
	const properties = [sha256, ...scope, acceptedIsNotDone, options];
	return {
		...shown,
		properties,
		run: async (call) => {
			refuseAsTool(call, properties);
			const action = typeof actionOf === 'function' ? actionOf(call) : actionOf;
			const hash = sha256Of(call);
			const patience = patienceOf(call);
			const result = Object.assign(
				await act(call, fileRemediation(action, hash, await scopeOf(call))),
				resolutionOf(call),
			);
			const ids = idsOf(result);
			// The wait begins when all items were sent.
			if (patience !== null && ids !== null)
				call.execution.watches.push(new Watch(call, ids, patience, result));
			return [result];
		},
	};
}
