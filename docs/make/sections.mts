import { errorSections } from './errors/sections.mts';
import { fields } from './fields.mts';
import { formatsAtWork, formatsAtAGlance } from './formats.mts';
import { item, verbatimItem } from './item.mts';
import { questions } from './questions.mts';
import { operations } from './operations.mts';
import { CynetApi } from '../../credentials/CynetApi.credentials.ts';
import { properties } from '../../nodes/CynetTrigger/properties.ts';

/** What `npm run docs` writes, by the name that stands in the marker of a page. */
export const SECTIONS: Readonly<Record<string, () => string>> = {
	'trigger parameters': () => fields(properties),
	'trigger item': item,
	'trigger item, verbatim': verbatimItem,
	'node operations': operations,
	'diagnosis questions': questions,
	'formats at a glance': formatsAtAGlance,
	'formats at work': formatsAtWork,
	'credential fields': () => fields(new CynetApi().properties),
	...errorSections,
};
