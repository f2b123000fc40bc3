import { defineConfig } from 'vitest/config';

const project = (name: string, more: Record<string, unknown> = {}) => ({
	test: { name, include: [`test/${name}/**/*.test.mts`], ...more },
});

export default defineConfig({
	test: {
		projects: [
			project('unit'),
			project('property', { testTimeout: 120_000 }),
			project('engine', { testTimeout: 60_000 }),
			project('e2e', { testTimeout: 600_000, hookTimeout: 1_200_000, fileParallelism: false }),
		],
	},
});
