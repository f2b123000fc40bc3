/** What the catalogue adds to a message and its remedy, which are the code's own. */
export interface Words {
	/** Why it is said, for someone who has never seen the API. */
	readonly cause: string;
	/** What sets it off; the test that does so has it for its name. */
	readonly when: string;
}
