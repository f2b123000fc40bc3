/**
 * The rows of a list, or null for what is no list. No content, an empty body, `null`, an envelope
 * without rows and a bare
 * array are lists too, for integrators have to expect them.
 *
 * @param key where the envelope holds its rows
 */
export function rowsOf(body: unknown, key: 'Entities' | 'data'): readonly unknown[] | null {
	if (body === undefined || body === null) return [];
	if (typeof body === 'string' && body.trim() === '') return [];
	if (Array.isArray(body)) return body;
	if (typeof body !== 'object') return null;
	const rows = (body as Readonly<Record<string, unknown>>)[key];
	if (Array.isArray(rows)) return rows;
	const vacant = rows === undefined || rows === null;
	const expected = key in body || 'SyncTimeUtc' in body || Object.keys(body).length === 0;
	return vacant && expected ? [] : null;
}
