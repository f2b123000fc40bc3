import type { Settings, Simulator } from '../../../simulator/simulator.mts';
import { SERVERS, SITES, type Server, type World } from './plan.mts';
import type { Trait } from './traits.mts';

/** The settings that a world before this one may have changed. */
const PLAIN: Partial<Settings> = {
	bulk: true,
	ignoresOffset: false,
	syncTime: 'iso',
	dateHeader: true,
	syncTimeOffsetMs: 0,
	dateOffsetMs: 0,
	maxOffset: 0,
	beyondMaxOffset: 'empty',
	widestWindowHours: 0,
	widestWindowStatus: 500,
	replicaLagMs: 0,
	cacheSeconds: 0,
	shuffledTies: false,
	tokenLifeMinutes: 60,
	tokenLife: 'absolute',
	tokenEnd: '401',
	singleToken: false,
	onArrival: undefined,
	onRequest: undefined,
	pace: undefined,
};

/** What the traits make of the server. */
export const oddSettings = (traits: readonly Trait[], way: number): Partial<Settings> =>
	Object.assign({}, ...traits.map(({ settings }) => settings?.(way))) as Partial<Settings>;

/** No alerts, no faults, and the server that this world has. */
export function setUp(
	simulator: Simulator,
	{ order, boundary, precision, maxLimit, pageSize, way }: World,
	server: Server,
	traits: readonly Trait[],
): void {
	simulator.reset();
	Object.assign(
		simulator.settings,
		PLAIN,
		{ sites: SITES, order, boundary, precision, maxLimit: pageSize > 50 ? maxLimit : 0 },
		SERVERS[server],
		oddSettings(traits, way),
	);
}
