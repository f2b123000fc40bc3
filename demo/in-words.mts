import type { Report } from '../simulator/simulator.mts';

/** `raised 61 · delivered 60 · pending 1 · lost 0 · twice 0 · requests 7 · exchanges 1` */
export function inWords({
	raised,
	delivered,
	pending,
	lost,
	twice,
	requests,
	exchanges,
}: Report): string {
	return Object.entries({ raised, delivered, pending, lost, twice, requests, exchanges })
		.map(([name, count]) => `${name} ${count}`)
		.join(' · ');
}
