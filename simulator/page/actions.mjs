// @ts-check

/** @typedef {import('../control/status.mts').Status} Status */

/** @type {NodeListOf<HTMLButtonElement>} */
const buttons = document.querySelectorAll('#actions button');
const answer = /** @type {HTMLElement} */ (document.querySelector('#answer'));

/** @param {() => Promise<void>} refresh brings the page up to date */
export function startActions(refresh) {
	for (const button of buttons) {
		button.dataset.hint = button.children[1]?.textContent ?? '';
		button.addEventListener('click', async () => {
			say(await press(button));
			await refresh();
		});
	}
}

/**
 * Says beside each button why it does nothing now. It stays in the order of the keyboard, so that
 * the reason can be found.
 * @param {Status['refusals']} refusals
 */
export function showRefusals(refusals) {
	for (const button of buttons) {
		const refusal = refusals[/** @type {keyof Status['refusals']} */ (button.dataset.name)] ?? null;
		const [, hint] = button.children;
		const text = refusal?.brief ?? button.dataset.hint ?? '';
		button.dataset.why = refusal?.why ?? '';
		if (hint && hint.textContent !== text) hint.textContent = text;
		button.setAttribute('aria-disabled', String(refusal !== null));
	}
}

/**
 * @param {HTMLButtonElement} button
 * @returns {Promise<string>} why it was refused; empty if it was done
 */
async function press(button) {
	if (button.dataset.why) return button.dataset.why;
	try {
		const response = await fetch(button.dataset.path ?? '', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: button.dataset.body,
		});
		if (response.ok) return '';
		const { message } = await response.json();
		return message;
	} catch {
		return 'The simulator does not answer.';
	}
}

/** @param {string} text */
function say(text) {
	answer.textContent = text;
}
