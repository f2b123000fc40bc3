import { hostRemediation, type HostAction } from '../../shared/api/remediation';
import { hostName, hostOf, resolveIp } from '../fields/host-name';
import { optionsOf } from '../fields/options';
import type { Operation } from '../operation';
import { act } from '../remediation/act';
import { acceptedIsNotDone, allowDestructive, dryRun } from '../remediation/options';
import { refuseAsTool } from '../remediation/tool';

/** An operation that changes something on one host. */
export function hostAction(action: HostAction, texts: Pick<Operation, 'name' | 'action' | 'description'>): Operation {
	return {
		...texts,
		properties: [hostName, acceptedIsNotDone, optionsOf(allowDestructive, dryRun, resolveIp)],
		run: async (call) => {
			refuseAsTool(call);
			return [await act(call, hostRemediation(action, await hostOf(call)))];
		},
	};
}
