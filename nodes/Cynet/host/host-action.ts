import { hostRemediation, type HostAction } from '../../shared/api/remediation';
import { hostCheck, hostName, hostOf, resolutionOf, resolveIp } from '../fields/host-name';
import { optionsOf } from '../fields/options';
import type { Operation } from '../operation';
import { act } from '../remediation/act';
import {
	acceptedIsNotDone,
	acceptEmptyAnswer,
	actAgainOnRetry,
	allowDestructive,
	dryRun,
} from '../remediation/options';
import { refuseAsTool } from '../remediation/tool';

/** An operation that changes something on one host. */
export function hostAction(
	action: HostAction,
	texts: Pick<Operation, 'name' | 'action' | 'description'>,
): Operation {
	const properties = [
		hostName,
		acceptedIsNotDone,
		optionsOf(acceptEmptyAnswer, actAgainOnRetry, allowDestructive, dryRun, hostCheck, resolveIp),
	];
	return {
		...texts,
		properties,
		run: async (call) => {
			refuseAsTool(call, properties);
			const host = await hostOf(call, { windowsOnly: /isolate$/.test(action) });
			return [Object.assign(await act(call, hostRemediation(action, host)), resolutionOf(call))];
		},
	};
}
