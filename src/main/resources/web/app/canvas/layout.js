import { hierarchy, tree as tidyTree } from 'd3-hierarchy';

/** The size of a node's card, and the room between cards. */
export const CARD = { width: 212, height: 72 };
const GAP = 22;
const PADDING = 10;
const LEVEL = 112;
const ROW = CARD.height + 22;
/** More leaves than these below one parent stand in a block, several rows deep, rather than in one endless row. */
const ROW_OF_LEAVES = 3;
/** Siblings that need more room than this go on below each other. */
const WIDEST = 3_000;

/**
 * Where the cards' centres are. Nodes with a place of their own stand there; the others are laid out as a tidy tree that
 * moves with the nearest node above that has a place, and stays clear of what was placed. Many leaves, and subtrees too wide
 * for one row, stand together in a box, to which one edge leads instead of one to each.
 *
 * @param {{id: string, parent: string|null}[]} items depth-first
 * @param {(id: string) => {x: number, y: number}|null} placeOf the stored upper left corner, if there is one
 * @returns {{places: Map<string, {x: number, y: number}>, boxes: object[], boxed: Set<string>}} `boxed` are those that need no
 *     edge of their own, since they are in their parent's box
 */
export function layout(items, placeOf) {
    const { places: tidy, groups } = tidied(items);
    const placed = items.filter(item => placeOf(item.id) !== null);
    const places = placed.length === 0 ? tidy : aroundPlaced(items, placed, tidy, placeOf);
    return { places, ...boxesOf(items, places, groups, placeOf) };
}

function aroundPlaced(items, placed, tidy, placeOf) {
    const places = new Map();
    const taken = new Taken();
    placed.forEach(item => {
        const { x, y } = placeOf(item.id);
        places.set(item.id, { x: x + CARD.width / 2, y: y + CARD.height / 2 });
        taken.add(places.get(item.id));
    });
    const children = childrenByParent(items);
    for (const item of items) {
        if (places.has(item.id)) {
            continue;
        }
        // The first of a parent's children without places: they go where their parent has gone, and right until they stand free.
        const above = item.parent === null ? undefined : places.get(item.parent);
        const shift = above === undefined ? { x: 0, y: 0 } : minus(above, tidy.get(item.parent));
        const part = partBelow(item.parent, children, placeOf);
        for (let tries = 0; tries < 60 && part.some(id => taken.overlaps(plus(tidy.get(id), shift))); tries++) {
            shift.x += CARD.width + GAP;
        }
        for (const id of part) {
            places.set(id, plus(tidy.get(id), shift));
            taken.add(places.get(id));
        }
    }
    return places;
}

/** A box surrounds those of a group that move with its parent: what was placed elsewhere has an edge of its own. */
function boxesOf(items, places, groups, placeOf) {
    const movesWith = new Map();
    items.forEach(item => movesWith.set(item.id, placeOf(item.id) === null ? movesWith.get(item.parent) ?? null : item.id));
    const boxes = [];
    const boxed = new Set();
    // Inner groups were found first, and outer boxes lie below.
    for (const [parent, { members, tops }] of [...groups].reverse()) {
        const along = id => movesWith.get(id) === movesWith.get(parent);
        const inside = members.filter(along);
        if (parent !== null && tops.filter(along).length > 1) {
            tops.filter(along).forEach(id => boxed.add(id));
            const { left, top, width, height } = measured(new Map(inside.map(id => [id, places.get(id)])));
            boxes.push({
                id: `box:${parent}`, parent, width: width + PADDING * 2, height: height + PADDING * 2,
                place: { x: left + width / 2, y: top + height / 2 },
            });
        }
    }
    return { boxes, boxed };
}

function childrenByParent(items) {
    const children = new Map();
    for (const item of items) {
        if (!children.has(item.parent)) {
            children.set(item.parent, []);
        }
        children.get(item.parent).push(item);
    }
    return children;
}

function partBelow(parent, children, placeOf) {
    const unplaced = id => (children.get(id) ?? []).filter(child => placeOf(child.id) === null).map(child => child.id);
    const part = unplaced(parent);
    for (let i = 0; i < part.length; i++) {
        part.push(...unplaced(part[i]));
    }
    return part;
}

/** The tidy tree of Reingold and Tilford, as d3 draws it, in which leaves, and subtrees too wide for one row, are blocks. */
function tidied(items) {
    const children = childrenByParent(items);
    const groups = new Map();
    const boxOf = item => {
        const boxes = boxesBelow(children.get(item.id) ?? []);
        return { item, width: CARD.width, boxes, span: Math.max(CARD.width, rowOf(boxes)) };
    };
    const boxesBelow = below => {
        const leaves = below.filter(item => !children.has(item.id));
        const branches = below.filter(item => children.has(item.id)).map(boxOf);
        const parent = below[0]?.parent ?? null;
        const boxes = leaves.length <= ROW_OF_LEAVES ? below.map(item => children.has(item.id)
            ? branches.find(branch => branch.item === item) : boxOf(item)) : [...branches, grid(leaves)];
        if (leaves.length > ROW_OF_LEAVES) {
            const ids = leaves.map(leaf => leaf.id);
            groups.set(parent, { members: ids, tops: ids });
        }
        if (rowOf(boxes) <= WIDEST || boxes.length === 1) {
            return boxes;
        }
        const all = shelves(boxes);
        groups.set(parent, { members: [...all.inside.keys()], tops: below.map(item => item.id) });
        return [all];
    };
    const places = tidyOf({ width: 0, boxes: boxesBelow(children.get(null) ?? []) });
    return { places, groups };
}

/** Places of everything in the box, by the upper left corner of the level that follows it. */
function tidyOf(box) {
    const top = hierarchy(box, each => each.boxes);
    tidyTree().nodeSize([1, LEVEL]).separation((a, b) => (a.data.width + b.data.width) / 2 + GAP)(top);
    const places = new Map();
    top.each(node => {
        const { item, inside, width } = node.data;
        const y = node.y - (box.item ? 0 : LEVEL);
        if (item) {
            places.set(item.id, { x: node.x, y });
        } else if (inside) {
            inside.forEach((place, id) => places.set(id, plus(place, { x: node.x - width / 2, y })));
        }
    });
    return places;
}

function rowOf(boxes) {
    return boxes.reduce((sum, box) => sum + (box.span ?? box.width) + GAP, -GAP);
}

/** Leaves in rows and columns. */
function grid(leaves) {
    const columns = Math.ceil(Math.sqrt(leaves.length * 0.8));
    const inside = new Map(leaves.map((leaf, i) => [leaf.id, {
        x: CARD.width / 2 + (i % columns) * (CARD.width + GAP),
        y: Math.floor(i / columns) * ROW,
    }]));
    return block(inside, columns * (CARD.width + GAP) - GAP, Math.ceil(leaves.length / columns) * ROW);
}

/** Subtrees side by side, in as many rows as give the whole the shape of a screen. */
function shelves(boxes) {
    const parts = boxes.map(box => measured(box.item ? tidyOf(box) : box.inside));
    const area = parts.reduce((sum, part) => sum + (part.width + GAP) * (part.height + LEVEL), 0);
    const most = Math.max(Math.sqrt(area * 2.2), ...parts.map(part => part.width));
    const inside = new Map();
    let [x, y, height, width] = [0, 0, 0, 0];
    for (const part of parts) {
        if (x > 0 && x + part.width > most) {
            [x, y, height] = [0, y + height + LEVEL / 2, 0];
        }
        part.places.forEach((place, id) => inside.set(id, plus(place, { x: x - part.left, y })));
        x += part.width + GAP * 2;
        width = Math.max(width, x - GAP * 2);
        height = Math.max(height, part.height);
    }
    return block(inside, width, y + height);
}

function measured(places) {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { x, y } of places.values()) {
        top = Math.min(top, y - CARD.height / 2);
        left = Math.min(left, x - CARD.width / 2);
        right = Math.max(right, x + CARD.width / 2);
        bottom = Math.max(bottom, y + CARD.height / 2);
    }
    return { places, left, top, width: right - left, height: bottom - top };
}

/** As many boxes below each other as it covers levels, so that nothing else is laid out there. */
function block(inside, width, height) {
    let boxes = [];
    for (let level = Math.ceil(height / LEVEL); level > 1; level--) {
        boxes = [{ width, boxes }];
    }
    return { inside, width, boxes };
}

/** Where cards stand already, in squares that are as large as a card. */
class Taken {
    #squares = new Map();

    add(place) {
        const key = this.#key(Math.floor(place.x / CARD.width), Math.floor(place.y / CARD.height));
        this.#squares.set(key, [...(this.#squares.get(key) ?? []), place]);
    }

    overlaps(place) {
        const column = Math.floor(place.x / CARD.width);
        const row = Math.floor(place.y / CARD.height);
        for (let x = column - 1; x <= column + 1; x++) {
            for (let y = row - 1; y <= row + 1; y++) {
                const near = this.#squares.get(this.#key(x, y)) ?? [];
                if (near.some(other => Math.abs(other.x - place.x) < CARD.width + 8
                    && Math.abs(other.y - place.y) < CARD.height + 8)) {
                    return true;
                }
            }
        }
        return false;
    }

    #key(x, y) {
        return `${x}:${y}`;
    }
}

function plus(a, b) {
    return { x: a.x + b.x, y: a.y + b.y };
}

function minus(a, b) {
    return { x: a.x - b.x, y: a.y - b.y };
}
