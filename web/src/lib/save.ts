// SPDX-License-Identifier: EUPL-1.2
/** Gives people a file that the page has made or fetched. */
export function save(bytes: Blob, name: string): void {
	const link = document.createElement('a');
	link.href = URL.createObjectURL(bytes);
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
