import type { IDataObject } from 'n8n-workflow';
import { cef } from '../../shared/alert/formats/cef';
import { ecs } from '../../shared/alert/formats/ecs';
import { flat } from '../../shared/alert/formats/flat';
import { markdown } from '../../shared/alert/formats/markdown';
import { ocsf } from '../../shared/alert/formats/ocsf';
import { recordOf, recordOfSimplified, type AlertRecord } from '../../shared/alert/formats/record';
import { slack } from '../../shared/alert/formats/slack';
import type { RawAlert } from '../../shared/alert/identity';
import { simplify, verbatim, type AlertContext } from '../../shared/alert/simplify';

type Conversion = (alert: RawAlert, context: AlertContext) => IDataObject;

interface Format {
	readonly name: string;
	readonly description: string;
	/** From the vendor's object. */
	readonly ofRaw: Conversion;
	/** From an alert that is simplified already; without it, the format cannot be had of one. */
	readonly ofSimplified?: Conversion;
}

const ofBoth = (format: (alert: AlertRecord) => IDataObject) => ({
	ofRaw: (alert: RawAlert, context: AlertContext) => format(recordOf(alert, context)),
	ofSimplified: (alert: RawAlert, context: AlertContext) => format(recordOfSimplified(alert, context)),
});

/** The formats by the value that is stored in workflows. To add one: its line here. */
export const FORMATS: Readonly<Record<string, Format>> = {
	cef: { name: 'CEF', description: 'A line of ArcSight\'s Common Event Format with the keys of Cynet\'s own syslog output', ...ofBoth(cef) },
	ecs: { name: 'ECS', description: 'A document of the Elastic Common Schema 9, for Elasticsearch and Elastic Security', ...ofBoth(ecs) },
	flat: { name: 'Flat', description: 'One level of texts and numbers, for a row of a spreadsheet or a table', ...ofBoth(flat) },
	markdown: { name: 'Markdown', description: 'A title and a page of text, for tickets and emails', ...ofBoth(markdown) },
	ocsf: { name: 'OCSF', description: 'A Detection Finding of OCSF 1.8.0, for security lakes and SIEMs', ...ofBoth(ocsf) },
	raw: { name: 'Raw', description: 'The object of Cynet verbatim, and what the node knows of it under cynet', ofRaw: verbatim },
	simplified: {
		name: 'Simplified',
		description: 'Friendly fields, as Cynet Trigger returns them with Simplify on',
		ofRaw: simplify,
		ofSimplified: (alert) => ({ ...alert }) as IDataObject,
	},
	slack: { name: 'Slack', description: 'A message for Slack as text and blocks: a summary within Slack\'s limits', ...ofBoth(slack) },
};
