// SPDX-License-Identifier: EUPL-1.2
/* Times of day as people write them, in Europe/Berlin. */
const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'short' });

/** The instant (RFC 3339) of a day and a time of day; of an hour that comes twice the first. Undefined where there is no such time. */
export function instantOf(day: string, time: string): string | undefined {
	if (!/^\d{4}-\d\d-\d\d$/.test(day) || !/^\d\d:\d\d$/.test(time)) return undefined;
	return ['+02:00', '+01:00'].map((zone) => `${day}T${time}:00${zone}`).find((text) => {
		const at = new Date(text);
		return !Number.isNaN(at.getTime()) && wall.format(at) === `${day} ${time}`;
	});
}

/** The day (YYYY-MM-DD) before. */
export const dayBefore = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
