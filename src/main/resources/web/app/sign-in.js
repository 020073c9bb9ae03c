import { html, css } from 'lit';
import { Component } from './ui/component.js';
import { session } from './session.js';
import { shared } from './ui/styles.js';

/** Asks for a token. It goes to this service alone and is forgotten with the tab. */
export class SignIn extends Component {
    static properties = { problem: { state: true }, busy: { state: true } };
    static styles = [shared, css`
        :host { display: grid; place-items: center; height: 100%; padding: 1rem; }
        form { width: min(26rem, 100%); display: grid; gap: .75rem; }
        input { width: 100%; }
        img { width: 40px; height: 40px; }
    `];

    firstUpdated() {
        this.renderRoot.querySelector('input').focus();
    }

    async #signIn(e) {
        e.preventDefault();
        const token = new FormData(e.target).get('token').trim();
        this.busy = true;
        this.problem = null;
        try {
            await session.signIn(token);
        } catch (problem) {
            this.problem = problem.status === 401 ? 'The service does not know this token, or it has ended.' : problem.message;
        } finally {
            this.busy = false;
        }
    }

    render() {
        return html`
            <form class="card" @submit=${this.#signIn}>
                <div class="row"><img src="/static/icon.svg" alt=""><h1>Rollcall</h1></div>
                <label>Token
                    <input name="token" type="password" required autocomplete="off" spellcheck="false"
                           aria-describedby="hint" aria-invalid=${this.problem ? 'true' : 'false'}>
                </label>
                <p id="hint" class="small muted">The admin token that the service printed at its first start, or a token of an
                    organisation. It is kept until this tab is closed.</p>
                ${this.problem ? html`<p class="bad" role="alert">${this.problem}</p>` : ''}
                <button class="primary" ?disabled=${this.busy}>Sign in</button>
            </form>`;
    }
}
customElements.define('rc-sign-in', SignIn);
