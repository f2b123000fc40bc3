import { problem, type Answer, type Call } from './answers.mts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** Whether an address to listen on reaches no further than this machine. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host) || host === '::1';

/**
 * Null if a request may pass to what is not the API. A web page of another site must not press
 * buttons here, neither from its
 * own address (a browser then sends that as `Origin`) nor under a name of its own that it points to
 * this machine (`Host`).
 * Programs send no `Origin`; they pass.
 */
export function refusalOfOrigin(
	{ header }: Pick<Call, 'header'>,
	onLoopback: boolean,
): Answer | null {
	const host = header('host') ?? '';
	if (onLoopback && !LOOPBACK.test(host.replace(/:\d+$/, '')))
		return problem(403, `Host: "${host}" is no name of this machine; use 127.0.0.1 or localhost`);
	const origin = header('origin');
	if (origin !== undefined && origin !== `http://${host}`)
		return problem(
			403,
			`Origin: pages of "${origin}" may not use this; open http://${host}/ itself`,
		);
	return null;
}
