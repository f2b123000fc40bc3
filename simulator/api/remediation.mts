import { isIP } from 'node:net';
import { isObject } from '../control/checks.mts';
import { json, problem, type Call, type Handler } from '../http/answers.mts';
import type { Routes } from '../http/routes.mts';
import type { Ledger, Remediation } from '../ledger.mts';
import type { Settings } from '../settings.mts';
import type { World } from '../world/world.mts';
import { siteOf } from './alerts.mts';

/** D/W: kill, delete, unquarantine, verify. W: both quarantine paths. */
const FILE_ACTIONS = ['kill', 'delete', 'quarantine', 'path/quarantine', 'unquarantine', 'verify'];
/** W, each by one product. */
const HOST_ACTIONS = ['isolate', 'unisolate', 'disableNetwork', 'shutdown'];
/** How long a remediation stays under way, in milliseconds (our assumption). */
const UNDER_WAY = 10_000;
const MINUTE = 60_000;

/**
 * Remediations are accepted, not done (D): what the simulator does is note them in the ledger.
 * @param accepted called with each
 */
export function remediationRoutes(
	settings: Settings,
	world: World,
	ledger: Ledger,
	accepted: (remediation: Remediation) => void,
): Routes {
	const note = (
		call: Call,
		action: string,
		host: string | null,
		sha256: string | null,
	): Remediation => {
		const remediation = ledger.remediate({
			at: world.serverNow(),
			site: siteOf(call),
			action,
			host,
			sha256,
		});
		accepted(remediation);
		return remediation;
	};

	/** No source shows a limit of rate or its answer; clients expect 429 with Retry-After. */
	const held =
		(handler: Handler): Handler =>
		(call) => {
			const most = settings.actionsPerMinute;
			const recent = ledger.remediations
				.map(({ at }) => at)
				.filter((at) => world.serverNow() - at < MINUTE);
			if (most === 0 || recent.length < most) return handler(call);
			const seconds = Math.ceil((recent.at(-most)! + MINUTE - world.serverNow()) / 1000);
			return {
				...problem(429, 'Too many requests'),
				headers: { 'retry-after': String(Math.max(1, seconds)) },
			};
		};

	const onFile =
		(action: string): Handler =>
		(call) => {
			const body = call.body();
			if (!isObject(body)) return problem(400, 'Send JSON with sha256 and host');
			const { sha256, host = null } = body;
			if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256))
				return problem(400, 'sha256 must be 64 hex digits');
			// W: null stands for no host named.
			if (host !== null && typeof host !== 'string')
				return problem(400, 'host must be text or null');
			return json({
				remediation_items: [note(call, `file/${action}`, host, sha256.toUpperCase()).id],
			});
		};

	const onHost =
		(action: string): Handler =>
		(call) => {
			const body = call.body();
			if (!isObject(body) || typeof body.host !== 'string' || body.host === '')
				return problem(400, 'host is missing');
			// D: "any value other than an IP address". The 400 is our assumption.
			if (isIP(body.host) !== 0) return problem(400, 'host must be a host name, not an IP address');
			// W: success even for a host that is unknown or unreachable. No source shows the body: the
			// same as for a file is our assumption.
			return json({ remediation_items: [note(call, `host/${action}`, body.host, null).id] });
		};

	const status: Handler = (call) => {
		const remediation = ledger.remediations.find(
			({ id, site }) => String(id) === call.params.id && site === siteOf(call),
		);
		if (!remediation) return problem(404, 'There is no such remediation');
		return json({ ...stateOf(remediation), id: remediation.id });
	};

	/** W: only 24 is known. The other numbers and texts are our own. */
	const stateOf = ({ site, sha256, at }: Remediation): { status: number; statusInfo: string } => {
		if (!world.inventory(site).files.some((file) => file.sha256 === sha256))
			return { status: 24, statusInfo: 'File does not exist' };
		return world.serverNow() - at < UNDER_WAY
			? { status: 1, statusInfo: 'In progress' }
			: { status: 2, statusInfo: 'Succeeded' };
	};

	return {
		...Object.fromEntries(
			FILE_ACTIONS.map((action) => [`POST /api/file/remediation/${action}`, held(onFile(action))]),
		),
		...Object.fromEntries(
			HOST_ACTIONS.map((action) => [`POST /api/host/remediation/${action}`, held(onHost(action))]),
		),
		'GET /api/file/remediation/{id}': status,
	};
}
