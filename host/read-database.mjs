// Reads n8n's SQLite database with the SQLite that is built into n8n's own Node: the Node that runs
// demo and tests may have
// none. Started by reader.mts; takes tasks on stdin, a line of JSON each, and answers each with a
// line of JSON on stdout.
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';

for await (const line of createInterface({ input: process.stdin })) {
	let answer;
	try {
		answer = { result: perform(JSON.parse(line)) };
	} catch (error) {
		answer = { error: String(error) };
	}
	process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function perform({ file, sql, values = [], needles }) {
	// Another process writes at the same time: wait for it instead of giving up. Opened anew for each
	// task, as n8n's file may be another one by then.
	const database = new DatabaseSync(file, { readOnly: true, timeout: 20_000 });
	try {
		return sql ? database.prepare(sql).all(...values) : search(database, needles);
	} finally {
		database.close();
	}
}

/** Every value of every row of every table, whatever its type. */
function search(database, needles) {
	const hits = [];
	const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
	for (const { name } of tables) {
		for (const row of database.prepare(`SELECT * FROM "${name}"`).iterate()) {
			for (const [column, value] of Object.entries(row)) {
				const text =
					value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
				for (const { label, form, bytes } of needles) {
					if (text.includes(bytes))
						hits.push({
							label,
							form,
							where: `${name}.${column}`,
							row: row.id ?? row.executionId ?? null,
						});
				}
			}
		}
	}
	return hits;
}
