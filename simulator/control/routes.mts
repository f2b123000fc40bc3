import { ALERT_FIELDS } from '../data/alert.mts';
import { POISONS } from '../data/poison.mts';
import { json, problem, type Call, type Handler } from '../http/answers.mts';
import type { Fault } from '../faults.mts';
import type { Routes } from '../http/routes.mts';
import { changeSettings } from '../settings.mts';
import type { RaiseInput, Running } from '../simulator.mts';
import {
	BadInput,
	anything,
	checkFields,
	either,
	flag,
	object,
	oneOf,
	optional,
	text,
	whole,
	type Checks,
} from './checks.mts';
import { pageRoutes } from '../page/routes.mts';
import { clockText, faultText, raiseText } from './sentences.mts';
import { aheadRefusal, killRefusal, statusOf } from './status.mts';

/** Alerts that one call may raise. */
const MOST = 1_000_000;
const id = either(whole(0), text);
/** To the end of the year 9999. */
const time = whole(0, 253_402_300_799_000);

const RAISE: Checks = {
	count: whole(1, MOST),
	site: text,
	at: time,
	spacingMs: whole(0, 86_400_000),
	visibleAt: time,
	lateSeconds: whole(0),
	expected: flag,
	json: text,
	idText: text,
	poison: oneOf(...POISONS),
	alert: object,
};
const ALERT: Checks = Object.fromEntries(ALERT_FIELDS.map((field) => [field, anything]));
const RECUR: Checks = { site: text, id, at: optional(time) };
/** At most a day at once. */
const CLOCK: Checks = { jumpMs: whole(-86_400_000, 86_400_000) };
const CHANGE: Checks = { site: text, id, status: optional(whole(0)), at: optional(time) };
const PACE: Checks = {
	perMinute: {
		expects: 'a number from 0 to 600000',
		holds: (value) => typeof value === 'number' && value >= 0 && value <= 600_000,
	},
	burst: optional(whole(1, 100_000)),
};

/**
 * Switches for tests and people. They are no part of the simulated product, need no token, and are
 * not in the ledger.
 */
export function controlRoutes(simulator: Running, now: () => number): Routes {
	const { faults, ledger, pageLog, settings, source } = simulator;
	const done: Handler = () => json({ done: true });
	const shownSettings = () => ({
		...settings,
		onArrival: undefined,
		onRequest: undefined,
		pace: undefined,
	});

	const raise = (call: Call) => {
		const {
			count = 1,
			lateSeconds,
			alert,
			...more
		} = checkFields(call.body() ?? {}, RAISE) as {
			count?: number;
			lateSeconds?: number;
			alert?: object;
		} & RaiseInput;
		checkFields(alert ?? {}, ALERT);
		const late = lateSeconds === undefined ? {} : { visibleAt: now() + lateSeconds * 1000 };
		const sentences = raiseText(count, lateSeconds);
		const shownAt = now() + (lateSeconds ?? 0) * 1000;
		const arrived = () => pageLog.add('good', sentences.arrived(now() - shownAt));
		const raised = simulator.fill(
			count,
			{ ...alert, ...more, ...late },
			more.expected === false ? undefined : arrived,
		);
		pageLog.add('act', sentences.raised, { mark: sentences.mark });
		return json({ raised: count, ...raised });
	};

	const deliver = (call: Call) => {
		const body = call.body();
		ledger.deliver(body);
		return json({ delivered: Array.isArray(body) ? body.length : 1 });
	};

	const routes: Routes = {
		...pageRoutes(() => Object.keys(routes), settings),
		'GET /control/status': () => json(statusOf(simulator, now())),
		'GET /ledger': (call) =>
			json(
				call.query('graceSeconds') === null
					? simulator.balance()
					: ledger.report({ graceSeconds: secondsOf(call, 'graceSeconds') }),
			),
		'POST /ledger/alerts': deliver,
		'GET /control/requests': () => json(ledger.requests),
		'GET /control/remediations': () => json(ledger.remediations),
		'GET /control/settings': () => json(shownSettings()),
		'PATCH /control/settings': (call) => {
			changeSettings(settings, call.body());
			return json(shownSettings());
		},
		'GET /control/faults': () => json(faults.list()),
		'POST /control/faults': (call) => {
			const body = call.body();
			const added = (Array.isArray(body) ? body : [body]) as Fault[];
			faults.add(...added);
			for (const fault of added)
				pageLog.add('act', faultText(fault), {
					mark: 'Outage',
					lastsMs: (fault.forSeconds ?? 0) * 1000,
				});
			return json(faults.list());
		},
		'DELETE /control/faults': (call) => {
			faults.clear();
			pageLog.add('good', 'The faults were cleared; requests are answered again.');
			return done(call);
		},
		'POST /control/raise': raise,
		'POST /control/recur': (call) => {
			const {
				site,
				id: alert,
				at,
			} = checkFields(call.body(), RECUR, ['site', 'id']) as {
				site: string;
				id: number;
				at?: number;
			};
			simulator.recur(site, alert, at);
			return done(call);
		},
		'POST /control/change': (call) => {
			const {
				site,
				id: alert,
				status,
				at,
			} = checkFields(call.body(), CHANGE, ['site', 'id']) as {
				site: string;
				id: number;
				status?: number;
				at?: number;
			};
			simulator.change(site, alert, status, at);
			return done(call);
		},
		'POST /control/expire-tokens': (call) => {
			simulator.expireTokens();
			pageLog.add(
				'act',
				'Every token was made invalid; the next request with one is answered with 401.',
				{ mark: 'Tokens' },
			);
			return done(call);
		},
		'POST /control/clock': (call) => {
			const { jumpMs } = checkFields(call.body(), CLOCK, ['jumpMs']) as { jumpMs: number };
			const refusal = jumpMs > 0 ? aheadRefusal(simulator) : null;
			if (refusal) return problem(409, refusal.why);
			simulator.jump(jumpMs);
			pageLog.add('act', clockText(jumpMs, simulator.serverNow()), { mark: 'Clock' });
			return done(call);
		},
		'POST /control/kill': (call) => {
			const { collector } = simulator;
			const refusal = killRefusal(collector);
			if (refusal || !collector) return problem(409, refusal?.why ?? '');
			const { name, pid } = collector.state();
			pageLog.add('act', `kill -9 was sent to ${name}, process ${pid}.`, { mark: 'Kill' });
			collector
				.kill()
				.catch((error: unknown) =>
					pageLog.add('trouble', `${name} could not be killed: ${String(error)}`),
				);
			return done(call);
		},
		'POST /control/source': (call) => {
			source.start(
				checkFields(call.body(), PACE, ['perMinute']) as { perMinute: number; burst?: number },
			);
			return json(source.pace);
		},
		'POST /control/reset': (call) => {
			simulator.reset();
			pageLog.add('act', 'The simulator was reset: no alerts, no faults, an empty ledger.');
			return done(call);
		},
	};
	return routes;
}

function secondsOf(call: Call, name: string): number {
	const value = Number(call.query(name) ?? 0);
	if (!(value >= 0)) throw new BadInput(name, 'send a number of seconds from 0 up');
	return value;
}
