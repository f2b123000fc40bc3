/**
 * In the order in which n8n lists what one can choose from. Plain English names need no collation, whose data
 * would be a fifth of the package's loading time.
 */
export function alphabetical<T>(choices: readonly T[], nameOf: (choice: T) => string): T[] {
	const keyOf = (choice: T): string => nameOf(choice).toLowerCase();
	return [...choices].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
