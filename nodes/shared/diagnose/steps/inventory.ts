import type { IDataObject } from 'n8n-workflow';

import { formatTime } from '../../api/time';
import { agreed, census, codesIn, counts } from '../census';
import { isObject, listIn } from '../rows';
import type { Reply } from '../session';
import {
	failureOf,
	isRefusal,
	step,
	undecided,
	type Finding,
	type Known,
	type Step,
} from '../step';
import { small, told } from '../told';
import { FULL_FIELDS, HOST_FIELDS, USER_FIELDS, type Word } from '../vocabulary';

const DAY = 86_400_000;

/** The hosts of the last day; of the last month where there is none. */
export const hosts = step<Reply>(
	['hosts', 'hostNames'],
	async (session, known) => {
		let reply: Reply | null = null;
		for (const days of [1, 30]) {
			const LastSeen = formatTime(known.start - days * DAY);
			reply = await session.ask({ path: '/api/hosts', qs: { LastSeen } });
			if ((listIn(reply) ?? []).length > 0) break;
		}
		const rows = (reply && listIn(reply)) ?? [];
		known.noHosts = rows.length === 0 && reply?.reason === null;
		const name = rows.map(({ HostName }) => HostName).find((one) => typeof one === 'string');
		known.host = (name as string | undefined) ?? null;
		known.product = productOf(rows);
		return reply;
	},
	(reply) => [listFinding('hosts', reply, HOST_FIELDS), hostNamesOf(reply)],
);

/** 4.31 of 4.31.0.1022: the newest of the agents. */
function productOf(rows: readonly IDataObject[]): string | null {
	const versions = rows.flatMap(({ EpsVersion }) => {
		const [, major, minor] = /^(\d)\.(\d{1,2})\./.exec(String(EpsVersion)) ?? [];
		return major === undefined
			? []
			: [{ text: `${major}.${minor}`, rank: Number(major) * 100 + Number(minor) }];
	});
	return versions.sort((one, other) => other.rank - one.rank)[0]?.text ?? null;
}

function listFinding(
	id: 'hosts' | 'users' | 'espm',
	reply: Reply,
	known: ReadonlySet<string>,
	key: 'Entities' | 'data' = 'Entities',
): Finding {
	const rows = listIn(reply, key);
	if (rows === null) return undecided(id, failureOf(reply));
	const enveloped = isObject(reply.body) && key in reply.body;
	const answer: Word = enveloped ? 'envelope' : Array.isArray(reply.body) ? 'array' : 'empty';
	return {
		id,
		answer,
		seen: told`a list, ${answer}, with ${small(rows.length)} rows`,
		holds: enveloped || rows.length === 0,
		figures: { count: small(rows.length), fields: census(rows, known) },
	};
}

function hostNamesOf(reply: Reply): Finding {
	const rows = listIn(reply) ?? [];
	const names = rows.flatMap(({ HostName }) =>
		typeof HostName === 'string' ? [HostName.toLowerCase()] : [],
	);
	if (names.length === 0) return undecided('hostNames', told`there are no names`);
	const twins = names.length - new Set(names).size;
	return {
		id: 'hostNames',
		answer: twins === 0 ? 'unique' : 'repeated',
		seen: told`hosts beyond the first of their name: ${twins}`,
		holds: true,
		figures: { count: small(twins) },
	};
}

export const users = step<Reply>(
	['users'],
	async (session, known) => {
		const LastSeen = formatTime(known.start - DAY);
		const reply = await session.ask({ path: '/api/users', qs: { LastSeen } });
		const name = listIn(reply)
			?.map(({ Name }) => Name)
			.find((one) => typeof one === 'string');
		known.user = (name as string | undefined) ?? null;
		return reply;
	},
	(reply) => [listFinding('users', reply, USER_FIELDS)],
);

/** The hash of a file of an alert. */
const sha256In = (rows: readonly IDataObject[]): string | null =>
	(rows
		.map(({ Sha256Hex }) => Sha256Hex)
		.find((hash) => typeof hash === 'string' && /^[\da-f]{64}$/i.test(hash)) as
		| string
		| undefined) ?? null;

/** One object by its name, or by its hash. */
function looked(
	id: 'oneHost' | 'oneUser' | 'files',
	path: string,
	query: (known: Known) => IDataObject | null,
): Step {
	return step<Reply>(
		[id],
		async (session, known) => {
			const qs = query(known);
			return qs === null ? null : await session.ask({ path, qs });
		},
		(reply) => {
			if (reply.reason !== null) return [undecided(id, failureOf(reply))];
			if (!isObject(reply.body))
				return [{ id, answer: 'empty', seen: told`nothing, though a list has it`, holds: false }];
			const snake = Object.keys(reply.body).every((name) => name === name.toLowerCase());
			return [
				{
					id,
					answer: snake ? 'snake' : 'object',
					seen: snake ? told`an object with names in small letters` : told`an object`,
					holds: snake,
					figures: { fields: census([reply.body], FULL_FIELDS) },
				},
			];
		},
	);
}

export const oneHost = looked('oneHost', '/api/full/host', ({ host }) =>
	host === null ? null : { name: host },
);
export const oneUser = looked('oneUser', '/api/full/user', ({ user }) =>
	user === null ? null : { name: user },
);
export const files = looked('files', '/api/full/file', ({ sample }) => {
	const sha256 = sha256In(sample?.rows ?? []);
	return sha256 === null ? null : { sha256 };
});

/** What nobody is called, and no file has. */
const INVENTED_NAME = 'no-such-name-7f3a';
const INVENTED_HASH = '7F3A'.repeat(16);

function invented(
	id: 'inventedHost' | 'inventedUser' | 'inventedFile',
	path: string,
	qs: IDataObject,
): Step {
	return step<Reply>(
		[id],
		async (session) => await session.ask({ path, qs }),
		(reply) => {
			const { status, body } = reply;
			if (status === null || (reply.reason !== null && !isRefusal(reply)))
				return [undecided(id, failureOf(reply))];
			const figures = { status };
			if (status === 404)
				return [{ id, answer: 'missing', seen: told`status ${status}`, holds: true, figures }];
			const isEmpty = reply.reason === null && (!isObject(body) || Object.keys(body).length === 0);
			if (isEmpty) return [{ id, answer: 'empty', seen: told`with nothing`, holds: true, figures }];
			return reply.reason === null
				? [{ id, answer: 'object', seen: told`with an object`, holds: false, figures }]
				: [{ id, answer: 'refused', seen: told`status ${status}`, holds: false, figures }];
		},
	);
}

export const inventedHost = invented('inventedHost', '/api/full/host', { name: INVENTED_NAME });
export const inventedUser = invented('inventedUser', '/api/full/user', { name: INVENTED_NAME });
export const inventedFile = invented('inventedFile', '/api/full/file', { sha256: INVENTED_HASH });

/** Remediations that the user has begun. */
export const remediations = step<readonly Reply[]>(
	['remediations'],
	async (session, { options }) => {
		if (options.remediationIds.length === 0) return null;
		const replies: Reply[] = [];
		for (const id of options.remediationIds)
			replies.push(await session.ask({ path: `/api/file/remediation/${id}` }));
		return replies;
	},
	(replies) => {
		const id = 'remediations';
		const bodies = replies.filter(({ reason }) => reason === null).map(({ body }) => body);
		const objects = bodies.filter(isObject);
		if (objects.length === 0) return [undecided(id, failureOf(replies[0]!))];
		const numbers = codesIn(objects, 'status');
		const answer = agreed(
			objects.map(({ status }): Word => (typeof status === 'number' ? 'number' : 'other')),
		);
		return [
			{
				id,
				answer,
				seen: told`answered: ${objects.length}, with different statuses: ${numbers.size}`,
				holds: answer === 'number',
				figures: { statuses: counts(numbers), fields: census(objects, NAMES_OF_STATUS) },
			},
		];
	},
);

const NAMES_OF_STATUS: ReadonlySet<string> = new Set(['status', 'statusInfo', 'id']);
const ESPM_FIELDS: ReadonlySet<string> = new Set([
	'riskId',
	'productName',
	'internalId',
	'unprotectedEndpoints',
	'severity',
]);

/** The lists of the add-on: a POST that reads, and only where a Site GUID was entered. */
export const espm = step<readonly Reply[]>(
	['espm'],
	async (session, { options }) => {
		if (options.siteGuid === undefined) return null;
		const replies: Reply[] = [];
		for (const list of ['vulnerabilities', 'misconfigurations'])
			replies.push(
				await session.ask({
					method: 'POST',
					path: `/api/v2/hosts/${encodeURIComponent(options.siteGuid)}/espm/${list}`,
					body: { limit: 20, offset: 0 },
				}),
			);
		return replies;
	},
	(replies) => {
		const answered = replies.find(({ reason }) => reason === null);
		if (answered !== undefined) return [listFinding('espm', answered, ESPM_FIELDS, 'data')];
		const [first] = replies;
		const isRefused = first?.status === 403 || first?.status === 404;
		return [
			isRefused
				? { id: 'espm', answer: 'refused', seen: failureOf(first), holds: true }
				: undecided('espm', failureOf(first!)),
		];
	},
);
