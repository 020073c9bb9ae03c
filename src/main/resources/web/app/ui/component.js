import { LitElement } from 'lit';

/**
 * What every component here is. Components write what their properties begin with as class fields, and a field is defined on
 * the instance itself, where it hides the accessor by which Lit learns of changes. So the fields go to their accessors when
 * the component is connected, before its first update.
 */
export class Component extends LitElement {
    connectedCallback() {
        for (const property of this.constructor.elementProperties.keys()) {
            if (Object.hasOwn(this, property)) {
                const value = this[property];
                delete this[property];
                this[property] = value;
            }
        }
        super.connectedCallback();
    }
}
