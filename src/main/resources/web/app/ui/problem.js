import { html, nothing } from 'lit';

/** What the service refused, where it was asked: a notice would be hidden behind an open dialog. */
export function problemOf(problem) {
    if (!problem) {
        return nothing;
    }
    const fields = problem.violations ?? [];
    return html`
        <div class="problem" role="alert">
            <strong>${problem.message}</strong>
            ${fields.length === 0 ? nothing : html`<ul>${fields.map(each => html`<li><code>${each.path}</code>: ${each.message}</li>`)}</ul>`}
        </div>`;
}
