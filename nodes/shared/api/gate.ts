/** What requests that run side by side pass, one by one, before they are begun. */
export interface Gate {
	/** The server asks to be left alone for so many milliseconds. */
	close(milliseconds: number): void;
	/**
	 * Waits until a request may be begun.
	 *
	 * @param deadline by `clock.ticks`
	 * @returns false where none may be begun before the deadline, or none at all any more
	 */
	pass(deadline: number): Promise<boolean>;
}
