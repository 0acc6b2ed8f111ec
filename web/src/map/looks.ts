// SPDX-License-Identifier: EUPL-1.2
/*
 * How things look on the map: colours of the theme of the moment, and for each its own line and
 * pattern, because colour alone tells nothing to many people (WCAG 1.4.1).
 */
import type { FeatureLike } from 'ol/Feature';
import { Circle, Fill, Stroke, Style, Text } from 'ol/style';
import type { Look } from './types';

interface Paint { stroke: string; dash?: number[]; width: number; fill?: string; pattern?: 'lines' | 'cross' | 'dots' }

const light: Record<Look, Paint> = {
	plan: { stroke: '#8a1538', width: 3, fill: 'rgba(138,21,56,0.25)' },
	draft: { stroke: '#8a1538', width: 2, dash: [8, 6], fill: 'rgba(138,21,56,0.12)' },
	own: { stroke: '#4a4a4a', width: 2, fill: 'rgba(90,90,90,0.10)' },
	must: { stroke: '#0b4f9e', width: 3, fill: 'rgba(11,79,158,0.22)', pattern: 'lines' },
	should: { stroke: '#0b6e4f', width: 2, dash: [10, 5], fill: 'rgba(11,110,79,0.15)', pattern: 'cross' },
	check: { stroke: '#8f5400', width: 2, dash: [2, 5], fill: 'rgba(143,84,0,0.12)', pattern: 'dots' },
	plain: { stroke: '#8b94a3', width: 1 },
	border: { stroke: '#1d2433', width: 2, dash: [14, 4, 3, 4] },
	place: { stroke: '#8a1538', width: 3, fill: 'rgba(138,21,56,0.5)' },
	finding: { stroke: '#b00020', width: 3, fill: 'rgba(176,0,32,0.4)' },
	answered: { stroke: '#0b6e4f', width: 2, fill: 'rgba(11,110,79,0.35)' },
	waiting: { stroke: '#0b4f9e', width: 2, dash: [8, 5], fill: 'rgba(11,79,158,0.12)', pattern: 'dots' },
	overdue: { stroke: '#b00020', width: 3, fill: 'rgba(176,0,32,0.15)', pattern: 'lines' },
};
const dark: Record<Look, Paint> = {
	plan: { stroke: '#ff9fb8', width: 3, fill: 'rgba(255,159,184,0.25)' },
	draft: { stroke: '#ff9fb8', width: 2, dash: [8, 6], fill: 'rgba(255,159,184,0.12)' },
	own: { stroke: '#c9ced8', width: 2, fill: 'rgba(200,200,200,0.10)' },
	must: { stroke: '#8fc1ff', width: 3, fill: 'rgba(143,193,255,0.22)', pattern: 'lines' },
	should: { stroke: '#7fe0bd', width: 2, dash: [10, 5], fill: 'rgba(127,224,189,0.15)', pattern: 'cross' },
	check: { stroke: '#ffcb80', width: 2, dash: [2, 5], fill: 'rgba(255,203,128,0.12)', pattern: 'dots' },
	plain: { stroke: '#6d7686', width: 1 },
	border: { stroke: '#e7eaf1', width: 2, dash: [14, 4, 3, 4] },
	place: { stroke: '#ff9fb8', width: 3, fill: 'rgba(255,159,184,0.5)' },
	finding: { stroke: '#ff8a8a', width: 3, fill: 'rgba(255,138,138,0.4)' },
	answered: { stroke: '#7fe0bd', width: 2, fill: 'rgba(127,224,189,0.35)' },
	waiting: { stroke: '#8fc1ff', width: 2, dash: [8, 5], fill: 'rgba(143,193,255,0.12)', pattern: 'dots' },
	overdue: { stroke: '#ff8a8a', width: 3, fill: 'rgba(255,138,138,0.15)', pattern: 'lines' },
};

export const isDark = (): boolean => {
	const chosen = document.documentElement.dataset.kernTheme;
	return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
};

const patterns = new Map<string, CanvasPattern | string>();
/** A fill with lines, crosses or dots of the line's colour over its colour. */
function filling(paint: Paint): CanvasPattern | string | undefined {
	if (!paint.pattern || !paint.fill) return paint.fill;
	const key = `${paint.pattern} ${paint.fill}`;
	const known = patterns.get(key);
	if (known) return known;
	const tile = document.createElement('canvas');
	tile.width = tile.height = 10;
	const context = tile.getContext('2d');
	if (!context) return paint.fill;
	context.fillStyle = paint.fill;
	context.fillRect(0, 0, 10, 10);
	context.strokeStyle = context.fillStyle = paint.stroke;
	context.globalAlpha = 0.55;
	if (paint.pattern === 'dots') context.fillRect(4, 4, 2, 2);
	else {
		context.beginPath();
		for (const shift of [-10, 0, 10]) {
			context.moveTo(shift, 10);
			context.lineTo(shift + 10, 0);
		}
		if (paint.pattern === 'cross')
			for (const shift of [-10, 0, 10]) {
				context.moveTo(shift, 0);
				context.lineTo(shift + 10, 10);
			}
		context.lineWidth = 1;
		context.stroke();
	}
	const made = context.createPattern(tile, 'repeat') ?? paint.fill;
	patterns.set(key, made);
	return made;
}

const styles = new Map<string, Style>();
function base(look: Look, chosen: boolean): Style {
	const night = isDark();
	const key = `${look} ${chosen} ${night}`;
	let style = styles.get(key);
	if (!style) {
		const paint = (night ? dark : light)[look];
		const stroke = new Stroke({ color: paint.stroke, width: paint.width + (chosen ? 3 : 0), lineDash: paint.dash });
		const fill = filling(paint);
		style = new Style({
			stroke, fill: fill ? new Fill({ color: fill }) : undefined,
			image: new Circle({ radius: chosen ? 10 : 7, stroke, fill: new Fill({ color: paint.fill ?? paint.stroke }) }),
			text: new Text({ font: '500 13px "Fira Sans", sans-serif', overflow: true, fill: new Fill({ color: night ? '#ffffff' : '#171a21' }), stroke: new Stroke({ color: night ? '#000000' : '#ffffff', width: 4 }) }),
			zIndex: look === 'plan' || look === 'draft' || look === 'place' || look === 'finding' ? 2 : look === 'plain' ? 0 : 1,
		});
		styles.set(key, style);
	}
	return style;
}

/** The style of a feature with the properties `look`, `label` and `chosen`. */
export function paint(feature: FeatureLike): Style {
	const style = base((feature.get('look') as Look | undefined) ?? 'plain', feature.get('chosen') === true);
	style.getText()?.setText((feature.get('label') as string | undefined) ?? '');
	return style;
}

/** Municipalities of the background: their border, and their name where there is room (up to 200 m a pixel). */
export function paintBackground(feature: FeatureLike, resolution: number): Style {
	const style = base('plain', false);
	style.getText()?.setText(resolution < 200 ? ((feature.get('name') as string | undefined) ?? '') : '');
	return style;
}
