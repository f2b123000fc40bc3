/** What an error means for the action that was to be sent. */
export const FATES = {
	/** Before the remedy. */
	notBegun: 'Nothing was set off.',
	/** In the place of the remedy. */
	unknown:
		'It is not known whether Cynet has begun the action. It was sent once and is not repeated: look in the Cynet console, and run this item again only if nothing happened there',
} as const;
