import { writeFileSync } from 'node:fs';
import { made, pages } from './pages.mts';

/** Writes the parts of docs/ that follow from the code: `npm run docs`. */
for (const { file, text } of pages()) writeFileSync(file, made(text));
