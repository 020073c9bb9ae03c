import { look } from '../ui/status.js';
import { CARD } from './layout.js';

/** Cytoscape's style sheet in the page's present colours. Cards show their image, in large graphs just a name. */
export function looks(colours) {
    return [
        { selector: 'node', style: {
            shape: 'round-rectangle', width: CARD.width, height: CARD.height, 'corner-radius': 10,
            'background-color': colours('--raised'), 'border-width': 1, 'border-color': colours('--line-strong'),
            'overlay-opacity': 0, 'z-index': 200, 'z-index-compare': 'manual',
        } },
        { selector: 'node[card]', style: {
            'background-image': 'data(card)', 'background-fit': 'contain', 'background-image-smoothing': 'yes',
        } },
        { selector: 'node[plain]', style: {
            label: 'data(plain)', color: colours('--text'), 'font-size': 15, 'font-weight': 600,
            'font-family': 'system-ui, sans-serif',
            'text-valign': 'center', 'text-wrap': 'ellipsis', 'text-max-width': CARD.width - 24, 'min-zoomed-font-size': 7,
            'border-width': 3, 'border-color': 'data(tone)',
        } },
        { selector: 'node[fill]', style: { 'background-color': 'data(fill)' } },
        { selector: 'node[more]', style: { 'border-style': 'dashed', 'background-color': colours('--page') } },
        { selector: 'node[box]', style: {
            width: 'data(width)', height: 'data(height)', 'background-color': colours('--line'), 'background-opacity': 0.4,
            'border-width': 0, 'corner-radius': 16, events: 'no', 'z-index': 'data(box)',
        } },
        { selector: 'node.selected', style: {
            'border-width': 2.5, 'border-color': colours('--accent'), 'outline-width': 4, 'outline-color': colours('--accent'),
            'outline-opacity': 0.25, 'outline-offset': 0,
        } },
        { selector: 'node.target', style: {
            'border-width': 3, 'border-color': colours('--good'), 'background-color': colours('--added'),
        } },
        { selector: 'node.dragged', style: { opacity: 0.8, 'z-index': 400 } },
        { selector: 'node#pointer', style: { width: 1, height: 1, opacity: 0, events: 'no' } },
        { selector: 'edge', style: {
            width: 1.5, 'line-color': colours('--line-strong'), 'curve-style': 'round-taxi', 'taxi-direction': 'downward',
            'taxi-turn': 26, 'taxi-radius': 8, 'overlay-opacity': 0, events: 'no', 'z-index': 100, 'z-index-compare': 'manual',
        } },
        { selector: 'edge.coarse', style: { 'curve-style': 'taxi' } },
        { selector: 'edge.flow', style: {
            width: 3, 'curve-style': 'unbundled-bezier', 'control-point-distances': 'data(bend)', 'control-point-weights': [0.5],
            'line-color': 'data(tone)', 'target-arrow-color': 'data(tone)', 'target-arrow-shape': 'triangle',
            'arrow-scale': 1.1, 'line-style': 'dashed', 'line-dash-pattern': [9, 6], 'z-index': 150,
            label: 'data(shown)', 'font-size': 12, 'font-weight': 600, color: 'data(tone)',
            'text-background-color': colours('--page'), 'text-background-opacity': 0.9, 'text-background-padding': 3,
            'text-background-shape': 'roundrectangle', 'min-zoomed-font-size': 6,
            'font-family': 'system-ui, sans-serif', opacity: 1, 'transition-property': 'opacity, line-color, target-arrow-color', 'transition-duration': 500,
        } },
        { selector: 'edge.flow[status = "queued"], edge.flow[status = "dispatched"]', style: { 'line-dash-pattern': [3, 6] } },
        { selector: 'edge.flow:loop', style: {
            'curve-style': 'bezier', 'loop-direction': '-45deg', 'loop-sweep': '-50deg', 'control-point-step-size': 90,
        } },
        { selector: 'edge.flow.ended', style: { 'line-style': 'solid', width: 4 } },
        { selector: 'edge.flow.leaving', style: { opacity: 0, 'transition-duration': 1500 } },
        { selector: 'edge.ghost', style: {
            'curve-style': 'straight', width: 3, 'line-color': colours('--accent'), 'line-style': 'dashed',
            'target-arrow-shape': 'triangle', 'target-arrow-color': colours('--accent'), 'z-index': 400,
        } },
    ];
}

/** What an edge for delegations says: what they are doing, and how many if there are several. */
export function flowData(flow, colours) {
    const { colour, sign, word } = look(flow.status);
    const label = flow.count > 1 ? `${sign} ${flow.count}` : `${sign} ${word}`;
    return {
        tone: colours(colour),
        status: flow.status,
        count: flow.count,
        // An end bows to the other side, beside what may still be in flight between the two.
        bend: flow.ended ? -46 : 46,
        label,
        // As much of it as there is room for.
        shown: label,
    };
}
