import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const SETUPS = ['single', 'queue'] as const;
export type Setup = (typeof SETUPS)[number];

export interface Service {
	readonly image: string;
	readonly build?: {
		readonly context: string;
		readonly dockerfile: string;
		readonly args: Readonly<Record<string, string>>;
	};
	readonly restart: string;
	readonly mem_limit?: string;
	readonly environment: Readonly<Record<string, string>>;
	readonly ports?: readonly string[];
	readonly volumes?: readonly string[];
	readonly command?: readonly string[];
	readonly healthcheck: { readonly test: readonly string[] };
	readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
	readonly deploy?: { readonly replicas: number };
	readonly cap_drop?: readonly string[];
	readonly security_opt?: readonly string[];
	readonly privileged?: boolean;
}

export interface Compose {
	readonly services: Readonly<Record<string, Service>>;
	readonly volumes: Readonly<Record<string, null>>;
}

const fileOf = (setup: Setup, name: string): string =>
	fileURLToPath(new URL(`../../deploy/${setup}/${name}`, import.meta.url));

export const composeText = (setup: Setup): string =>
	readFileSync(fileOf(setup, 'compose.yaml'), 'utf8');

/** The lines of `.env.example`. */
export function exampleVariables(setup: Setup): Record<string, string> {
	const lines = readFileSync(fileOf(setup, '.env.example'), 'utf8').split('\n');
	return Object.fromEntries(
		lines
			.filter((line) => /^[A-Z]/.test(line))
			.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
	);
}

/** `$VAR`, `${VAR}`, and the latter with what stands in for it (`:-`) or is said (`:?`) when it is empty. */
const REFERENCE = /\$\{([A-Z0-9_]+)(?::([-?])([^}]*))?\}/g;

export const referencesOf = (text: string): string[] => [
	...new Set([...text.matchAll(REFERENCE)].map(([, name]) => name!)),
];

/** The file as Compose reads it with these variables. Throws what Compose would say of one that must be set. */
export function compose(setup: Setup, variables: Readonly<Record<string, string>>): Compose {
	const text = composeText(setup).replace(
		REFERENCE,
		(_all, name: string, kind?: string, other = '') => {
			const value = variables[name] ?? '';
			if (value === '' && kind === '?')
				throw new Error(`required variable ${name} is missing a value: ${String(other)}`);
			return value === '' && kind === '-' ? String(other) : value;
		},
	);
	return parse(text, { merge: true }) as Compose;
}
