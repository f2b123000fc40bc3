import type { IDataObject } from 'n8n-workflow';
import type { RawAlert } from '../../shared/alert/identity';
import { simplify, verbatim } from '../../shared/alert/simplify';
import { inForm, type Known } from './known';

interface Format {
	readonly name: string;
	readonly description: string;
	/** From the vendor's object. */
	readonly convert: (alert: RawAlert, known: Known) => IDataObject;
	/** Whether an alert that is simplified already is in this format. */
	readonly isSimplified?: boolean;
}

/** The formats by the value that is stored in workflows. To add one: its line here. */
export const FORMATS: Readonly<Record<string, Format>> = {
	raw: {
		name: 'Raw',
		description: 'The object of Cynet verbatim, and what the node knows of it under cynet',
		convert: (alert, known) => inForm(verbatim, alert, known),
	},
	simplified: {
		name: 'Simplified',
		description: 'Friendly fields, as Cynet Trigger returns them with Simplify on',
		convert: (alert, known) => inForm(simplify, alert, known),
		isSimplified: true,
	},
};
