import { QUESTIONS } from '../../nodes/shared/diagnose/questions.ts';
import { sentence, table } from './markdown.mts';

/** What *Connection: Diagnose* asks, and what the package takes for granted. */
export const questions = (): string =>
	table(
		['Question', 'Taken for granted'],
		Object.values(QUESTIONS).map(({ question, assumed }) => [question, sentence(assumed)]),
	);
