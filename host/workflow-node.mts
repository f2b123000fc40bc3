/** A node of a workflow as n8n stores it, at the origin unless told otherwise. */
export const nodeOf = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: Readonly<Record<string, unknown>> = {},
	more: Readonly<Record<string, unknown>> = {},
) => ({
	id: crypto.randomUUID(),
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters,
	...more,
});
