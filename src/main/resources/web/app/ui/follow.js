/**
 * Has a component hear its `store` for as long as it is on the page, and after it was given another one that one alone. As a
 * controller of Lit, since no component that did so by itself took back what it began after it had left.
 */
export class Follow {
    #host;
    #listeners;
    #store = null;

    /** @param {Object<string, (e: CustomEvent) => void>} listeners by what the store tells */
    constructor(host, listeners) {
        this.#host = host;
        this.#listeners = Object.entries(listeners);
        host.addController(this);
    }

    hostConnected() {
        this.#to(this.#host.store);
    }

    hostUpdate() {
        if (this.#host.isConnected) {
            this.#to(this.#host.store);
        }
    }

    hostDisconnected() {
        this.#to(null);
    }

    #to(store) {
        if (store === this.#store) {
            return;
        }
        this.#listeners.forEach(([what, heard]) => this.#store?.removeEventListener(what, heard));
        this.#listeners.forEach(([what, heard]) => store?.addEventListener(what, heard));
        this.#store = store ?? null;
    }
}
