import { setTimeout as wait } from 'node:timers/promises';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../host/database.mts';
import { executionsAfter } from '../../host/executions.mts';
import { HOSTS } from '../../host/paths.mts';
import { until } from '../../host/wait.mts';
import { Instance, POLL_TIMES, VERSIONS } from '../e2e/instance.mts';
import {
	STERN,
	isDone,
	issuesOf,
	moveByHand as moveIssue,
	setWorkflow,
} from './receivers/jira.mts';
import { startReceiver, type Receiver } from './receivers/receiver.mts';
import { incidentsOf } from './receivers/servicenow.mts';
import { SET_UPS } from './set-ups.mts';
import { setUp } from './user.mts';

/** A ticket over the life of its alert, in a real n8n beside a receiver. */

/** On a busy machine. */
const LIMIT_MS = 120_000;
/** The vendor's codes of a status. */
const PENDING = 1;
const IGNORED = 2;
const CLOSED = 3;

interface Ticket {
	readonly isDone: boolean;
	/** What people read in it, oldest first. */
	readonly comments: readonly string[];
}

interface Desk {
	tickets(receiver: Receiver): Ticket[];
	/** A person moves the only ticket. */
	move(receiver: Receiver, toDone: boolean): void;
}

const DESKS: Readonly<Record<string, Desk>> = {
	'jira-lifecycle': {
		tickets: ({ kept }) =>
			[...issuesOf(kept).values()].map((issue) => ({
				isDone: isDone(kept, issue),
				comments: issue.comments,
			})),
		move: ({ kept }, toDone) => moveIssue(kept, [...issuesOf(kept).values()][0]!, toDone),
	},
	'servicenow-lifecycle': {
		tickets: ({ kept }) =>
			[...incidentsOf(kept).values()].map(({ state, notes }) => ({
				isDone: state === '6',
				comments: notes,
			})),
		move: ({ kept }, toDone) => {
			[...incidentsOf(kept).values()][0]!.state = toDone ? '6' : '2';
		},
	},
};

interface Row {
	readonly id: number;
	readonly status: string;
}

describe.each(VERSIONS)('In n8n %s', (version) => {
	let instance: Instance;
	let cynet: { id: string; name: string };
	const receivers: Receiver[] = [];

	beforeAll(async () => {
		await mkdir(join(HOSTS, 'targets-life'), { recursive: true });
		instance = await Instance.make('life', version, { more: { N8N_LOG_LEVEL: 'info' } });
		cynet = { id: await instance.rest.createCredential(instance.credential()), name: 'Cynet' };
	});
	afterAll(async () => {
		await instance?.close();
		for (const receiver of receivers) await receiver.close();
	});

	/** A published template, its receiver, and one alert that it has to itself. */
	async function begin(name: string, typed: Readonly<Record<string, string>> = {}) {
		const as = SET_UPS[name]!;
		const receiver = await startReceiver(as.contracts[0]!);
		receivers.push(receiver);
		const workflow = await setUp(
			instance.rest,
			name,
			{ ...as, typed: (...urls) => ({ ...as.typed?.(...urls), ...typed }) },
			[receiver],
			cynet,
			POLL_TIMES,
		);
		const workflowId = await instance.rest.createWorkflow(workflow);
		expect(await instance.rest.activate(workflowId)).toMatchObject({
			status: 'published',
			errors: [],
		});
		// Its first poll begins now: what is raised before it is old.
		await instance.polls(1);
		const site = instance.simulator.settings.sites[0]!;
		const [alert] = instance.simulator.raise(1, { Severity: 5 });
		const id = Number(alert!.ClientDbId);
		const rows = async (): Promise<Row[]> =>
			await query<Row & Record<string, unknown>>(
				instance.n8n,
				'SELECT id, status FROM execution_entity WHERE "workflowId" = ? ORDER BY id',
				workflowId,
			);
		const tickets = (): Ticket[] => DESKS[name]!.tickets(receiver);
		return {
			receiver,
			tickets,
			id,
			recur: () => instance.simulator.recur(site, id),
			/** In a later second than what was before it: in the same one it would be a part of that. */
			change: async (status: number): Promise<void> => {
				await wait(1000 - (Date.now() % 1000));
				instance.simulator.change(site, id, status);
			},
			move: (toDone: boolean) => DESKS[name]!.move(receiver, toDone),
			/** The execution that failed last, once its alerts are in n8n's hands. */
			failure: async (after = 0): Promise<{ id: number; error: string }> => {
				const { id } = await until(
					'an execution has failed',
					async () =>
						(await rows()).findLast(({ id, status }) => status === 'error' && Number(id) > after) ??
						false,
					{ limitMs: LIMIT_MS, everyMs: 500, seen: rows },
				);
				const error = await until(
					'n8n has written the execution',
					async () =>
						(await executionsAfter(instance.n8n, Number(id) - 1)).find(
							(execution) => execution.id === Number(id) && execution.status !== 'running',
						)?.error,
				);
				return { id: Number(id), error: String(error) };
			},
			retry: async (id: number): Promise<string> =>
				(
					await instance.rest.request<{ status: string }>('POST', `/executions/${id}/retry`, {
						loadWorkflow: true,
					})
				).status,
			is: async (isDone: boolean, comments: number): Promise<void> => {
				await until(
					`the ticket is ${isDone ? 'done' : 'open'} and has ${comments} comments`,
					() =>
						tickets().length === 1 &&
						tickets()[0]!.isDone === isDone &&
						tickets()[0]!.comments.length === comments,
					{
						limitMs: LIMIT_MS,
						everyMs: 200,
						seen: async () => [tickets(), receiver.complaints, await rows()],
					},
				);
			},
			/** Three more polls, and the end of what they began. */
			settle: async (): Promise<void> => {
				await instance.polls(3);
				await until(
					'its executions have ended',
					async () =>
						(await rows()).every(({ status }) => status !== 'new' && status !== 'running'),
					{ limitMs: LIMIT_MS, everyMs: 500, seen: rows },
				);
			},
			end: async () => await instance.rest.deactivate(workflowId),
		};
	}

	test.each(Object.keys(DESKS))(
		'a ticket of %s is opened, commented, resolved, reopened and resolved with its alert, an outage in the middle',
		async (name) => {
			const life = await begin(name);
			// In Jira a simple workflow takes no comment with a move.
			const moved = name === 'jira-lifecycle' ? 0 : 1;
			await life.is(false, 0);
			life.recur();
			await life.is(false, 1);

			life.receiver.away = true;
			await life.change(CLOSED);
			const { id, error } = await life.failure();
			expect(error).toMatch(/did not take cynet:\S+:\d+:20\S+Z\. .*Retry/);
			await life.settle();
			life.receiver.portal = true;
			life.receiver.away = false;
			expect(await life.retry(id)).toBe('error');
			await life.is(false, 1);
			life.receiver.portal = false;
			expect(await life.retry((await life.failure(id)).id)).toBe('success');
			await life.is(true, 1 + moved);

			life.recur();
			await life.is(false, 1 + 2 * moved);
			await life.change(IGNORED);
			await life.is(true, 1 + 3 * moved);

			// What a person decides stands.
			life.move(false);
			await life.change(IGNORED);
			await life.settle();
			await life.is(false, 1 + 3 * moved);
			life.move(true);
			await life.change(IGNORED);
			await life.settle();
			await life.is(true, 1 + 3 * moved);
			expect(life.tickets()[0]!.comments[0]).toMatch(
				/^Cynet has seen this alert again, at 20\S+Z\.$/,
			);
			expect(new Set(life.tickets()[0]!.comments).size).toBe(1 + 3 * moved);
			expect(life.receiver.complaints).toEqual([]);
			await life.end();
		},
	);

	test('a status is told by a comment, and events of a time when nothing was taken come in the order of retries', async () => {
		const life = await begin('servicenow-lifecycle');
		await life.is(false, 0);
		await life.change(PENDING);
		await life.is(false, 1);
		life.receiver.away = true;
		await life.change(CLOSED);
		const closed = await life.failure();
		await life.settle();
		life.recur();
		const recurred = await life.failure(closed.id);
		await life.settle();
		life.receiver.away = false;
		// The younger one first: what it was told of is not undone by the older one.
		expect(await life.retry(recurred.id)).toBe('success');
		await life.is(false, 2);
		expect(life.tickets()[0]!.comments[1]).toMatch(/^Cynet has seen this alert again/);
		expect(await life.retry(closed.id)).toBe('success');
		await life.settle();
		await life.is(false, 2);
		await life.end();
	});

	test('a project of Jira with names of its own and a screen that demands a resolution fails by name, and goes on once it is filled in', async () => {
		const life = await begin('jira-lifecycle', {
			"[resolveBy, resolveFields] = ['', {}]":
				"[resolveBy, resolveFields] = ['Lösen', { resolution: { name: 'Done' } }]",
		});
		setWorkflow(life.receiver.kept, STERN);
		await life.is(false, 0);
		await life.change(CLOSED);
		await life.is(true, 1);
		life.recur();
		await life.is(false, 2);
		expect([...issuesOf(life.receiver.kept).values()][0]!.moves).toEqual([
			'Lösen',
			'Wieder aufnehmen',
		]);
		expect(life.receiver.complaints).toEqual([]);
		await life.end();

		const other = await begin('jira-lifecycle');
		setWorkflow(other.receiver.kept, STERN);
		await other.is(false, 0);
		await other.change(CLOSED);
		expect((await other.failure()).error).toContain(
			'has to be resolved, and from "Neu" this user can move it by "Beginnen", "Lösen", "Verwerfen". Put one of them into resolveBy at the top of What To Do',
		);
		await other.end();
	});
});
