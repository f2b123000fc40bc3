import { hostRemediation, type HostAction } from '../../shared/api/remediation';
import { hostName, hostOf, resolveIp } from '../fields/host-name';
import { optionsOf } from '../fields/options';
import type { Operation } from '../operation';
import { act } from '../remediation/act';
import { acceptedIsNotDone, acceptEmptyAnswer, actAgainOnRetry, allowDestructive, dryRun } from '../remediation/options';
import { refuseAsTool } from '../remediation/tool';

/** An operation that changes something on one host. */
export function hostAction(action: HostAction, texts: Pick<Operation, 'name' | 'action' | 'description'>): Operation {
	const properties = [hostName, acceptedIsNotDone, optionsOf(acceptEmptyAnswer, actAgainOnRetry, allowDestructive, dryRun, resolveIp)];
	return {
		...texts,
		properties,
		run: async (call) => {
			refuseAsTool(call, properties);
			return [await act(call, hostRemediation(action, await hostOf(call)))];
		},
	};
}
