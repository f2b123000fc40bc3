import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTemplate, templateNames } from '../../host/templates.mts';
import { Bench, VERSIONS } from '../e2e/bench.mts';
import { Editor } from './editor.mts';

const names = await templateNames();

describe('The gallery', () => {
	let bench: Bench;
	let editor: Editor;
	beforeAll(async () => {
		bench = await Bench.make('gallery', VERSIONS[0]!);
		editor = await Editor.open(bench);
	});
	afterAll(async () => {
		await editor?.close();
		await bench?.close();
	});

	test.each(names)('%s shows all of its nodes', async (name) => {
		const template = await readTemplate(name);
		await editor.openWorkflow(await bench.rest.createWorkflow(template));
		expect((await editor.nodeNames()).sort()).toEqual(template.nodes.map((node) => String(node.name)).sort());
		await editor.pictureOfCanvas(`templates/${name}`);
	});
});
