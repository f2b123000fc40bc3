import type { Page } from 'playwright-core';

interface Faint {
	readonly text: string;
	readonly ratio: number;
}

/** The texts on a page whose contrast with what is behind them is below WCAG 2's 4.5 : 1. */
export async function faintTexts(page: Page): Promise<Faint[]> {
	return await page.evaluate(() => {
		const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
		/** Any CSS colour as red, green, blue and opacity from 0 to 1. */
		const rgba = (colour: string): number[] => {
			canvas.clearRect(0, 0, 1, 1);
			canvas.fillStyle = colour;
			canvas.fillRect(0, 0, 1, 1);
			return [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255);
		};
		const luminance = (parts: number[]): number => {
			const [red = 0, green = 0, blue = 0] = parts.map((part) =>
				part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
			);
			return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
		};
		const ground = (element: Element): number[] => {
			for (let at: Element | null = element; at; at = at.parentElement) {
				const colour = rgba(getComputedStyle(at).backgroundColor);
				if (colour[3] === 1) return colour;
			}
			return [1, 1, 1, 1];
		};
		const faint: Faint[] = [];
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walker.nextNode()) {
			const text = walker.currentNode.textContent?.trim() ?? '';
			const element = walker.currentNode.parentElement;
			if (text === '' || !element || element.getClientRects().length === 0) continue;
			const style = getComputedStyle(element);
			const [a, b] = [
				luminance(rgba(element instanceof SVGElement ? style.fill : style.color)),
				luminance(ground(element)),
			].sort((one, other) => other - one) as [number, number];
			const ratio = (a + 0.05) / (b + 0.05);
			if (ratio < 4.5) faint.push({ text, ratio });
		}
		return faint;
	});
}
