import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { all, get, withQuery } from '../api.js';
import { formStyles } from '../ui/forms.js';
import { problemOf } from '../ui/problem.js';
import { shared } from '../ui/styles.js';
import '../ui/chart.js';

/** So many bars can be told apart; the table has all. */
const MOST_BARS = 30;
const DAY_MS = 86_400_000;
const RANGES = { 7: '7 days', 30: '30 days', 90: '90 days', 365: '1 year' };
const word = key => key.replaceAll('_', ' ');
const day = time => new Date(time).toISOString().slice(0, 10);

/** What is counted, and so can be added up; the others are averages and rates. */
const COUNTS = ['tasks_completed', 'tasks_started', 'bounce_count', 'stall_count', 'comments_posted', 'mentions_received', 'mentions_sent',
    'kudos_count', 'flag_count', 'active_minutes', 'versions_completed'];
const RATES = ['avg_duration_min', 'median_duration_min', 'avg_gap_min', 'chain_rate', 'throughput', 'first_pass_rate', 'mention_response_min',
    'review_notes_rate', 'test_plan_rate'];

/** What the agents of a workspace did: of all as a team, and of each by day. Each chart has a table of its numbers. */
export class Metrics extends Component {
    static properties = {
        workspaceId: { attribute: false }, agents: { attribute: false }, days: { state: true }, metric: { state: true }, agent: { state: true },
        section: { state: true }, team: { state: true }, rows: { state: true }, problem: { state: true },
    };
    static styles = [shared, formStyles, css`
        :host { position: relative; display: block; }
        .row { align-items: end; margin-bottom: .75rem; }
        .row h2 { flex: 1; margin: 0; align-self: center; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1rem; align-items: start; }
        h3 { margin: 0 0 .5rem; font-size: .9rem; }
        details { margin-top: .6rem; font-size: .85rem; }
        summary { cursor: pointer; color: var(--muted); }
        .scroll { overflow: auto; max-height: 18rem; }
        td, th { white-space: nowrap; padding: .25rem .6rem; }
        td { font-variant-numeric: tabular-nums; }
    `];

    days = 30;
    metric = 'tasks_completed';
    agent = null;
    section = '';
    #loads = 0;
    #loadedAgent = null;

    get #range() {
        return { from: day(Date.now() - (this.days - 1) * DAY_MS), to: day(Date.now()) };
    }

    willUpdate(changed) {
        if (changed.has('workspaceId')) {
            this.agent = this.team = this.rows = null;
            this.section = '';
        }
        if (changed.has('workspaceId') || changed.has('days')) {
            this.#loadTeam();
        }
        const agent = this.agent ?? this.team?.items[0]?.agent_id ?? null;
        const key = `${this.workspaceId} ${this.days} ${agent}`;
        if (agent !== null && key !== this.#loadedAgent) {
            this.#loadedAgent = key;
            // Those of the one before must not stand under this one's name.
            this.rows = this.problem = null;
            this.#loadAgent(agent);
        }
    }

    async #loadTeam() {
        const mine = ++this.#loads;
        try {
            const path = withQuery(`/workspaces/${this.workspaceId}/metrics/team`, { ...this.#range, limit: 500 });
            const team = await get(path);
            for (let cursor = team.next_cursor; cursor && mine === this.#loads;) {
                const page = await get(withQuery(path, { cursor }));
                team.items.push(...page.items);
                cursor = page.next_cursor;
            }
            if (mine === this.#loads) {
                this.team = team;
                this.problem = null;
            }
        } catch (problem) {
            if (mine === this.#loads) {
                this.problem = problem;
            }
        }
    }

    /** All sections at once, so that it is known which there are. */
    async #loadAgent(agent) {
        const key = this.#loadedAgent;
        try {
            const path = `/workspaces/${this.workspaceId}/agents/${encodeURIComponent(agent)}/metrics`;
            const rows = await all(withQuery(path, { ...this.#range, section: '*' }), 5000);
            if (key === this.#loadedAgent) {
                this.rows = rows;
                if (!rows.some(row => row.section === this.section)) {
                    this.section = '';
                }
            }
        } catch (problem) {
            if (key === this.#loadedAgent) {
                this.problem = problem;
            }
        }
    }

    #table(heads, rows) {
        return html`<details><summary>The numbers as a table</summary><div class="scroll" tabindex="0" role="region"
            aria-label="Numbers of the chart">
            <table><thead><tr>${heads.map(each => html`<th scope="col">${each}</th>`)}</tr></thead>
            <tbody>${rows.map(([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map(value => html`<td>${value === null || value === undefined
                ? '–' : Number.isInteger(value) ? value : value.toFixed?.(2) ?? value}</td>`)}</tr>`)}</tbody></table></div></details>`;
    }

    #byAgent() {
        const items = this.team.items;
        const counted = COUNTS.includes(this.metric);
        const of = totals => counted ? totals.totals[this.metric] : totals.weighted_averages[this.metric];
        const name = counted ? `${word(this.metric)}, sum` : `${word(this.metric)}, weighted average`;
        const most = items.length <= MOST_BARS ? items : [...items].sort((a, b) => (of(b) ?? 0) - (of(a) ?? 0)).slice(0, MOST_BARS);
        return html`
            <section class="card" id="team">
                <h3>Team: ${name}${most.length < items.length ? html` <span class="muted small">the ${most.length} with the most of ${
                    items.length}; the table has all</span>` : nothing}</h3>
                <rc-chart type="bar" heading=${`${name} by agent`} .labels=${most.map(each => each.agent_id)}
                    .series=${[{ label: name, data: most.map(of) }]}></rc-chart>
                ${this.#table(['Agent', name, 'Plain average', 'Days'], [...items, { ...this.team.team, agent_id: 'All together' }].map(each =>
                    [each.agent_id, of(each), counted ? null : each.averages[this.metric], each.active_days]))}
            </section>`;
    }

    #byDay() {
        const { from } = this.#range;
        const labels = Array.from({ length: this.days }, (_, i) => day(Date.parse(from) + i * DAY_MS));
        const values = new Map((this.rows ?? []).filter(row => row.section === this.section).map(row => [row.date, row.metrics[this.metric] ?? null]));
        const data = labels.map(each => values.get(each) ?? null);
        const agent = this.agent ?? this.team.items[0].agent_id;
        const heading = `${agent}: ${word(this.metric)} by day`;
        return html`
            <section class="card" id="by-day">
                <h3>${heading}</h3>
                ${this.rows === null && !this.problem ? html`<p class="muted small" role="status">Loading …</p>` : nothing}
                <rc-chart type="line" heading=${heading} .labels=${labels} .series=${[{ label: word(this.metric), data }]}></rc-chart>
                ${this.#table(['Day', word(this.metric)], labels.map((each, i) => [each, data[i]]).filter(([, value]) => value !== null).reverse())}
            </section>`;
    }

    render() {
        const sections = [...new Set(['', ...(this.rows ?? []).map(row => row.section)])];
        const own = [...new Set((this.rows ?? []).flatMap(row => Object.keys(row.metrics)))].filter(key => !COUNTS.includes(key) && !RATES.includes(key));
        const options = keys => keys.map(key => html`<option value=${key} .selected=${key === this.metric}>${word(key)}</option>`);
        const empty = this.team?.items.length === 0;
        const names = this.team?.items.map(each => each.agent_id) ?? [];
        return html`
            <div class="row">
                <h2>Metrics</h2>
                ${empty ? nothing : html`
                    <label>Metric <select id="metric" @change=${e => { this.metric = e.target.value; }}>
                        <optgroup label="Counts">${options(COUNTS)}</optgroup><optgroup label="Averages and rates">${options(RATES)}</optgroup>
                        ${own.length > 0 ? html`<optgroup label="Its own">${options(own)}</optgroup>` : nothing}</select></label>
                    <label>Agent <select id="agent" @change=${e => { this.agent = e.target.value; }}>
                        ${names.map(name => html`<option .selected=${name === this.agent}>${name}</option>`)}</select></label>
                    <label>Section <select id="section" @change=${e => { this.section = e.target.value; }}>
                        ${sections.map(each => html`<option value=${each}
                            .selected=${each === this.section}>${each === '' ? 'all together' : each}</option>`)}</select></label>`}
                <label>Days <select id="days" @change=${e => { this.days = Number(e.target.value); }}>
                    ${Object.entries(RANGES).map(([value, name]) => html`<option value=${value}
                        .selected=${Number(value) === this.days}>${name}</option>`)}</select></label>
            </div>
            ${problemOf(this.problem)}
            ${empty ? html`<p class="empty card">No agent of it told any metrics in these days.</p>`
                : this.team ? html`<div
                    class="charts">${own.includes(this.metric) ? nothing : this.#byAgent()}${this.#byDay()}</div>` : nothing}`;
    }
}
customElements.define('rc-metrics', Metrics);
