import { colourOf, look } from '../ui/status.js';
import { CARD } from './layout.js';

/** The part of a card that opens and closes what is below it: its lower right corner. */
export const CHIP = { width: 62, height: 28 };

/** How large a name is on a card that is looked at from afar: the first of these in which all of it has room. */
const FAR = [23, 20, 17];
const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, sans-serif';
const measure = document.createElement('canvas').getContext('2d');

/**
 * What is written on a node's card, as an SVG image for Cytoscape, whose own labels have but one size and colour.
 *
 * @param {{name: string, role?: string, status: string, note?: string}} row `note` stands in place of the status' word
 * @param {{below: number, open: boolean}} item
 */
export function card(row, item, colours) {
    const { colour, sign, word } = look(row.status);
    const tone = colours(row.colour ?? colour);
    const agents = row.agents?.length > 0 ? ` · ${row.agents.length} ${row.agents.length === 1 ? 'agent' : 'agents'}` : '';
    const foot = `${row.note ?? word}${agents}`;
    const texts = [
        text(22, 24, 13, 600, tone, row.sign ?? sign),
        text(40, 24, 14, 600, colours('--text'), fitted(row.name, 14, 600, CARD.width - 52)),
        text(22, 43, 11.5, 400, colours('--muted'), fitted(row.role ?? '', 11.5, 400, CARD.width - 34)),
        text(22, 61, 11, 500, tone, fitted(foot, 11, 500, CARD.width - 34 - (item.below > 0 ? CHIP.width : 0))),
    ];
    if (item.below > 0) {
        const label = `${item.open ? '▾' : '▸'} ${item.below}`;
        texts.push(`<rect x="${CARD.width - CHIP.width + 4}" y="${CARD.height - 25}" width="${CHIP.width - 12}" height="18" rx="9"`
            + ` fill="${colours(item.open ? '--hover' : '--accent')}"/>`);
        texts.push(text(CARD.width - CHIP.width / 2 - 2, CARD.height - 12, 11, 600,
            colours(item.open ? '--muted' : '--on-accent'), label, 'middle'));
    }
    return image(edge(tone) + texts.join(''));
}

/**
 * The same for a card that is looked at from afar: what can be read there is a large name alone, in two lines if it takes
 * two, with the sign and the colour of the status.
 */
export function farCard(row, item, colours) {
    const { colour, sign } = look(row.status);
    const tone = colours(row.colour ?? colour);
    const width = CARD.width - 46;
    const tries = FAR.map(size => ({ size, lines: inTwo(row.name, size, 700, width, item.below > 0 ? width - 34 : width) }));
    const { size, lines } = tries.find(each => !each.lines.some(line => line.endsWith('…'))) ?? tries.at(-1);
    const first = lines.length === 1 ? 44 : 31;
    const texts = [
        text(14, first, 20, 700, tone, row.sign ?? sign),
        ...lines.map((line, i) => text(38, first + i * 26, size, 700, colours('--text'), line)),
    ];
    if (item.below > 0) {
        texts.push(text(CARD.width - 8, CARD.height - 9, 17, 600, colours(item.open ? '--muted' : '--accent-text'),
            `${item.open ? '▾' : '▸'}${item.below}`, 'end'));
    }
    return image(edge(tone) + texts.join(''));
}

/** At the words' ends, the first line as full as it gets. */
function inTwo(name, size, weight, width, second) {
    const words = name.replace(/\s+/g, ' ').slice(0, 80).split(' ');
    measure.font = `${weight} ${size}px ${FONT}`;
    let taken = 1;
    while (taken < words.length && measure.measureText(words.slice(0, taken + 1).join(' ')).width <= width) {
        taken++;
    }
    const lines = [fitted(words.slice(0, taken).join(' '), size, weight, width)];
    return taken === words.length ? lines : [...lines, fitted(words.slice(taken).join(' '), size, weight, second)];
}

function edge(tone) {
    return `<path d="M10 0 H6 V${CARD.height} H10 A10 10 0 0 1 0 ${CARD.height - 10} V10 A10 10 0 0 1 10 0" fill="${tone}"/>`;
}

/** The card that stands for the children that are not shown yet. */
export function moreCard(count, colours) {
    return image(text(CARD.width / 2, 34, 14, 600, colours('--accent-text'), `+ ${count.toLocaleString()} more`, 'middle')
        + text(CARD.width / 2, 53, 11.5, 400, colours('--muted'), 'Show the next ones', 'middle'));
}

/** Looks colours up once, until the theme changes. */
export function palette() {
    const known = new Map();
    return property => {
        if (!known.has(property)) {
            known.set(property, colourOf(property));
        }
        return known.get(property);
    };
}

function image(content) {
    return 'data:image/svg+xml;utf8,' + encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${CARD.width}"`
        + ` height="${CARD.height}" viewBox="0 0 ${CARD.width} ${CARD.height}" font-family="${FONT}">${content}</svg>`);
}

function text(x, y, size, weight, colour, content, anchor = 'start') {
    return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${colour}"`
        + ` text-anchor="${anchor}">${escaped(content)}</text>`;
}

function escaped(content) {
    return content.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
        // Not allowed in XML at all, not even escaped.
        .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/g, '');
}

function fitted(content, size, weight, width) {
    const line = content.replace(/\s+/g, ' ').slice(0, 80);
    measure.font = `${weight} ${size}px ${FONT}`;
    if (line.length === content.length && measure.measureText(line).width <= width) {
        return line;
    }
    let length = line.length;
    while (length > 1 && measure.measureText(`${line.slice(0, length)}…`).width > width) {
        length--;
    }
    return `${line.slice(0, length).trimEnd()}…`;
}
