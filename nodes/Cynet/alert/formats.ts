import type { IDataObject } from 'n8n-workflow';
import { adaptiveCard } from '../../shared/alert/formats/adaptive-card';
import { cef } from '../../shared/alert/formats/cef';
import { ecs } from '../../shared/alert/formats/ecs';
import { flat } from '../../shared/alert/formats/flat';
import { gelf } from '../../shared/alert/formats/gelf';
import { html } from '../../shared/alert/formats/html';
import { leef } from '../../shared/alert/formats/leef';
import { markdown } from '../../shared/alert/formats/markdown';
import { ocsf } from '../../shared/alert/formats/ocsf';
import { recordOf, recordOfSimplified, type AlertRecord } from '../../shared/alert/formats/record';
import { slack } from '../../shared/alert/formats/slack';
import { stix } from '../../shared/alert/formats/stix';
import { text } from '../../shared/alert/formats/text';
import { udm } from '../../shared/alert/formats/udm';
import type { RawAlert } from '../../shared/alert/identity';
import { simplify, verbatim, type AlertContext } from '../../shared/alert/simplify';

/** @param most how long the text may be, in UTF-16 units; undefined for the format's own limit */
type Conversion = (alert: RawAlert, context: AlertContext, most?: number) => IDataObject;

interface Format {
	readonly name: string;
	readonly description: string;
	/** From the vendor's object. */
	readonly ofRaw: Conversion;
	/** From an alert that is simplified already; without it, the format cannot be had of one. */
	readonly ofSimplified?: Conversion;
}

const ofBoth = (
	format: (alert: AlertRecord, most?: number) => IDataObject,
): Pick<Format, 'ofRaw' | 'ofSimplified'> => ({
	ofRaw: (alert, context, most) => format(recordOf(alert, context), most),
	ofSimplified: (alert, context, most) => format(recordOfSimplified(alert, context), most),
});

/** The formats by the value that is stored in workflows. To add one: its line here. */
export const FORMATS: Readonly<Record<string, Format>> = {
	adaptiveCard: {
		name: 'Adaptive Card',
		description: 'A card for Microsoft Teams, within its limit of 28 KB',
		...ofBoth((alert) => adaptiveCard(alert)),
	},
	cef: {
		name: 'CEF',
		description:
			"A line of ArcSight's Common Event Format with the keys of Cynet's own syslog output",
		...ofBoth((alert) => cef(alert)),
	},
	ecs: {
		name: 'ECS',
		description:
			'A document of the Elastic Common Schema 9, for Elasticsearch and Elastic Security',
		...ofBoth((alert) => ecs(alert)),
	},
	flat: {
		name: 'Flat',
		description: 'One level of texts and numbers, for a row of a spreadsheet or a table',
		...ofBoth((alert) => flat(alert)),
	},
	gelf: {
		name: 'GELF',
		description: 'A message of the Graylog Extended Log Format 1.1',
		...ofBoth((alert) => gelf(alert)),
	},
	html: { name: 'HTML', description: 'A title and a piece of HTML, for emails', ...ofBoth(html) },
	leef: {
		name: 'LEEF',
		description: 'A line of the Log Event Extended Format 2.0, for IBM QRadar',
		...ofBoth(leef),
	},
	markdown: {
		name: 'Markdown',
		description: 'A title and a page of Markdown, for tickets',
		...ofBoth(markdown),
	},
	ocsf: {
		name: 'OCSF',
		description: 'A Detection Finding of OCSF 1.8.0, for security lakes and SIEMs',
		...ofBoth((alert) => ocsf(alert)),
	},
	raw: {
		name: 'Raw',
		description: 'The alert as Cynet sends it, with what the node knows of it under cynet',
		ofRaw: verbatim,
	},
	simplified: {
		name: 'Simplified',
		description: 'Fewer fields with plain names, as Cynet Trigger emits them with Simplify on',
		ofRaw: simplify,
		ofSimplified: (alert) => ({ ...alert }) as IDataObject,
	},
	slack: {
		name: 'Slack',
		description: "A message for Slack as text and blocks: a summary within Slack's limits",
		...ofBoth((alert) => slack(alert)),
	},
	stix: {
		name: 'STIX',
		description:
			'A bundle of STIX 2.1 with an indicator for each file, domain, URL and address that the alert names',
		...ofBoth((alert) => stix(alert)),
	},
	text: {
		name: 'Text',
		description: 'A title and plain text, one line a field, for tickets, emails and short messages',
		...ofBoth(text),
	},
	udm: {
		name: 'UDM',
		description: "An event of Google's Unified Data Model, for Google SecOps",
		...ofBoth((alert) => udm(alert)),
	},
};

/** The formats whose length a user can set. */
export const SIZED: readonly string[] = ['html', 'leef', 'markdown', 'text'];
