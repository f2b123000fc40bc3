/** What a page of alerts makes the log say. A colon and facts may follow; what stands here is the same each time. */
export const WARNINGS = {
	noRows:
		'Cynet answered with nothing in the place of a list of alerts, which may mean that there are none',
	said: 'Cynet answered with alerts, and says that something is amiss',
	odd: 'Cynet answered with alerts, but with another status than 200',
	repaired:
		'Cynet answered with rows that are not JSON, which were read as far as they can be. Number of these rows',
	clocks: 'Two clocks in an answer of Cynet disagree. The earlier one counts',
} as const;
