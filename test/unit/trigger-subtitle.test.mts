import { Workflow, type INodeParameters } from 'n8n-workflow';
import { expect, it } from 'vitest';
import { CynetTrigger } from '../../nodes/CynetTrigger/CynetTrigger.node.ts';

const type = new CynetTrigger();

/** What n8n shows below the node's name. */
function subtitleOf(parameters: INodeParameters): unknown {
	const node = {
		id: '1',
		name: 'Cynet Trigger',
		type: 'cynetTrigger',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters,
	};
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => type,
			getByNameAndVersion: () => type,
			getKnownTypes: () => ({}),
		},
	});
	return workflow.expression.getSimpleParameterValue(
		workflow.getNode('Cynet Trigger')!,
		type.description.subtitle!,
		'internal',
		{},
	);
}

it.each<[INodeParameters, string]>([
	[{}, 'Created'],
	[{ events: ['created', 'updated'] }, 'Created, Updated'],
	[{ options: { clientIds: '' } }, 'Created'],
	[{ options: { clientIds: '2251997' } }, 'Created'],
	[{ options: { clientIds: '2251997, 2251998,2251999' } }, 'Created, 3 Sites'],
	[{ options: { clientIds: '2251997, 2251997 ,2251998' } }, 'Created, 2 Sites'],
	[{ options: { clientIds: ' 2251997;2251998\n2251999\n' } }, 'Created, 3 Sites'],
	[{ options: { clientIds: 2251997 } }, 'Created'],
])('the trigger with %j shows its events, and how many sites it polls: %s', (parameters, text) => {
	expect(subtitleOf(parameters)).toBe(text);
});
