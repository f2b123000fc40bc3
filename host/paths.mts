import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Where installed versions of n8n, their user folders and the packed package live; ignored by git,
 * and safe to delete.
 */
export const HOSTS = fileURLToPath(new URL('../.hosts', import.meta.url));
