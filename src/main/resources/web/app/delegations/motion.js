const MOVE_MS = 320;
/** More at once are no movement that an eye can follow. */
const MOST = 40;

/**
 * Lets cards glide from where they were to where they are now. `before` is asked while the page still shows the old state, and
 * `after` once it shows the new one.
 */
export class Motion {
    #places = new Map();

    /** @param {string[]} ids of the cards that are about to move */
    before(root, ids) {
        this.#places.clear();
        if (ids.length > MOST || matchMedia('(prefers-reduced-motion: reduce)').matches) {
            return;
        }
        for (const id of ids) {
            const card = root.querySelector(`[data-id="${CSS.escape(id)}"]`);
            if (card) {
                this.#places.set(id, card.getBoundingClientRect());
            }
        }
    }

    after(root) {
        for (const [id, from] of this.#places) {
            const card = root.querySelector(`[data-id="${CSS.escape(id)}"]`);
            const to = card?.getBoundingClientRect();
            if (to && (to.x !== from.x || to.y !== from.y)) {
                card.classList.add('moving');
                card.animate([{ transform: `translate(${from.x - to.x}px, ${from.y - to.y}px)` }, { transform: 'none' }],
                    { duration: MOVE_MS, easing: 'ease-in-out' }).finished.finally(() => card.classList.remove('moving')).catch(() => {});
            }
        }
        this.#places.clear();
    }
}
