/** Where along a line its label is tried, in this order. */
const TRIED = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8];
const MOST = 150;

/**
 * Moves the labels of delegations along their lines to where they cover neither a card nor each other. One that finds no
 * such place shows its sign alone, at the middle.
 *
 * @param {number} letters the size of their letters, as the graph measures
 */
export function placeLabels(cy, letters) {
    const edges = cy.edges('.flow').not(':loop');
    if (edges.length > MOST) {
        return;
    }
    const taken = cy.nodes('[card]').map(node => {
        const { x, y } = node.position();
        return around({ x, y }, node.width(), node.height());
    });
    const found = edges.map(edge => {
        const curve = curveOf(edge);
        const label = edge.data('label');
        const place = curve === null ? null : TRIED.map(t => at(curve, t))
            .find(each => taken.every(box => apart(box, sized(each, label, letters))));
        if (place) {
            taken.push(sized(place, label, letters));
        }
        return { edge, place, middle: curve && at(curve, 0.5), label };
    });
    cy.batch(() => found.forEach(({ edge, place, middle, label }) => {
        edge.data('shown', place || !middle ? label : label.split(' ')[0]);
        edge.style({ 'text-margin-x': place ? place.x - middle.x : 0, 'text-margin-y': place ? place.y - middle.y : 0 });
    }));
}

function curveOf(edge) {
    const [control] = edge.controlPoints() ?? [];
    const from = edge.sourceEndpoint();
    const to = edge.targetEndpoint();
    return control && Number.isFinite(from?.x) && Number.isFinite(to?.x) ? { from, control, to } : null;
}

function at({ from, control, to }, t) {
    const on = (a, b, c) => (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t ** 2 * c;
    return { x: on(from.x, control.x, to.x), y: on(from.y, control.y, to.y) };
}

function sized(place, label, letters) {
    return around(place, label.length * letters * 0.62 + 8, letters * 1.5);
}

function around({ x, y }, width, height) {
    return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

function apart(a, b) {
    return a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top;
}
