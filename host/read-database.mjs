// Reads n8n's SQLite database with the SQLite that is built into n8n's own Node: the Node that runs demo and tests may have
// none. Started by database.mts; takes one task as JSON on stdin and answers with JSON on stdout.
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const { file, sql, values = [], needles } = JSON.parse(readFileSync(0, 'utf8'));
// Another process writes at the same time: wait for it instead of giving up.
const database = new DatabaseSync(file, { readOnly: true, timeout: 20_000 });

process.stdout.write(JSON.stringify(sql ? database.prepare(sql).all(...values) : search()));

/** Every value of every row of every table, whatever its type. */
function search() {
	const hits = [];
	const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
	for (const { name } of tables) {
		for (const row of database.prepare(`SELECT * FROM "${name}"`).iterate()) {
			for (const [column, value] of Object.entries(row)) {
				const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
				for (const { label, form, bytes } of needles) {
					if (text.includes(bytes)) hits.push({ label, form, where: `${name}.${column}`, row: row.id ?? row.executionId ?? null });
				}
			}
		}
	}
	return hits;
}
