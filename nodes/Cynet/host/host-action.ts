import { hostRemediation, type HostAction } from '../../shared/api/remediation';
import { hostCheck, hostName, hostOf, resolutionOf, resolveIp } from '../fields/host-name';
import { optionsOf } from '../fields/options';
import type { Operation } from '../operation';
import { act } from '../remediation/act';
import { acceptedIsNotDone, allowDestructive, dryRun } from '../remediation/options';
import { refuseAsTool } from '../remediation/tool';

/** An operation that changes something on one host. */
export function hostAction(action: HostAction, texts: Pick<Operation, 'name' | 'action' | 'description'>): Operation {
	return {
		...texts,
		properties: [hostName, acceptedIsNotDone, optionsOf(allowDestructive, dryRun, hostCheck, resolveIp)],
		run: async (call) => {
			refuseAsTool(call);
			const host = await hostOf(call, { windowsOnly: /isolate$/.test(action) });
			return [{ ...(await act(call, hostRemediation(action, host))), ...resolutionOf(call) }];
		},
	};
}
