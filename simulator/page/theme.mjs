// @ts-check
const KEY = 'theme';

/** The switch for the theme: what the system says, or what the visitor chose and this browser keeps. */
export function startTheme() {
	const radios = /** @type {NodeListOf<HTMLInputElement>} */ (
		document.querySelectorAll('#theme input')
	);
	const kept = localStorage.getItem(KEY) ?? 'system';
	for (const radio of radios) {
		radio.checked = radio.value === kept;
		radio.addEventListener('change', () => choose(radio.value));
	}
	choose(kept);
}

/** @param {string} theme */
function choose(theme) {
	localStorage.setItem(KEY, theme);
	document.documentElement.dataset.theme = theme;
}
