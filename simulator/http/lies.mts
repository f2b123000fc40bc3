import { json, type Answer } from './answers.mts';

type Envelope = { readonly SyncTimeUtc?: unknown; readonly Entities?: readonly unknown[] };

/** What the truth holds; nothing where it is no JSON. */
function envelopeOf({ text }: Answer): Envelope {
	try {
		return (JSON.parse(text) as Envelope | null) ?? {};
	} catch {
		return {};
	}
}

/** The envelope with the first half of its rows. */
function firstHalf(truth: Answer): Answer {
	const envelope = envelopeOf(truth);
	const all = envelope.Entities ?? [];
	const rows = all.slice(0, Math.floor(all.length / 2));
	return { ...json({ ...envelope, Entities: rows }, 206), rows: rows.length };
}

/** Answers with a status of success that are none: seen with gateways and with servers whose database is away. */
export const LIES = {
	messageOnly: (truth) =>
		json({ SyncTimeUtc: envelopeOf(truth).SyncTimeUtc, Message: 'An error has occurred.' }),
	errorEntities: () => json({ Entities: [], error: 'The database is not available' }),
	errorCode: (truth) =>
		json({
			SyncTimeUtc: envelopeOf(truth).SyncTimeUtc,
			Entities: [],
			errorCode: 429,
			message: 'Too many requests',
		}),
	unsuccessful: () => json({ success: false, Entities: [] }),
	emptyBody: () => ({ status: 200, text: '' }),
	emptyObject: () => json({}),
	accepted: () => json({}, 202),
	partial: firstHalf,
} as const satisfies Record<string, (truth: Answer) => Answer>;

export type Lie = keyof typeof LIES;
