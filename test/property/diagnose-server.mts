import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { clock } from '../../nodes/shared/clock.ts';
import { diagnoseServer, type Diagnosed } from '../../nodes/shared/diagnose/diagnose.ts';
import type { DiagnoseOptions } from '../../nodes/shared/diagnose/step.ts';
import {
	startSimulator,
	type Simulator,
	type SimulatorOptions,
} from '../../simulator/simulator.mts';
import { terminalLine } from '../../terminal/line.mts';

const START = Date.parse('2026-06-01T12:00:00Z');
export const SITE = '1001';

export interface Scene {
	readonly simulator: Simulator;
	readonly time: { now: number };
	diagnose(
		options?: Partial<DiagnoseOptions>,
		credential?: Partial<ICredentialDataDecryptedObject>,
	): Promise<Diagnosed>;
	close(): Promise<void>;
}

/** A simulated Cynet 360 on a virtual clock, and the diagnosis of it as in a terminal. */
export async function setScene(settings: SimulatorOptions = {}): Promise<Scene> {
	const real = { ...clock };
	const time = { now: START };
	const simulator = await startSimulator({ now: () => time.now, sites: [SITE], ...settings });
	Object.assign(clock, {
		now: () => time.now,
		ticks: () => time.now,
		limit: async () => await new Promise(() => {}),
		random: () => 0.5,
		wait: async (milliseconds: number) => {
			time.now += milliseconds;
			await Promise.resolve();
		},
	});
	return {
		simulator,
		time,
		diagnose: async (options, credential) =>
			await diagnoseServer(
				terminalLine,
				{
					baseUrl: simulator.url,
					authentication: 'accountToken',
					username: simulator.settings.username,
					password: simulator.settings.password,
					clientId: SITE,
					...credential,
				},
				{ remediationIds: [], watchMinutes: 0, tokenLife: false, ...options },
			),
		close: async () => {
			Object.assign(clock, real);
			await simulator.close();
		},
	};
}

/** The answers of a report, by the question. */
export const answersIn = ({ report }: Diagnosed): Readonly<Record<string, string>> =>
	(report as { answers?: Record<string, string> } | null)?.answers ?? {};

export const figuresIn = ({
	report,
}: Diagnosed): Readonly<Record<string, Record<string, unknown>>> =>
	(report as { figures?: Record<string, Record<string, unknown>> } | null)?.figures ?? {};
