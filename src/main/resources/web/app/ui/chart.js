import { html, css } from 'lit';
import { Component } from './component.js';
import { colourOf } from './status.js';
import { shared } from './styles.js';

const COLOURS = ['--busy', '--wait', '--good', '--warn', '--bad', '--idle'];

/**
 * A chart of some series over the same labels. `Chart.js` is loaded when the first one is shown, so that nobody waits for it
 * before. A chart says nothing to a screen reader: whoever uses this puts a table of the same numbers beside it.
 */
export class ChartOf extends Component {
    static properties = {
        type: {}, heading: {}, labels: { attribute: false }, series: { attribute: false }, stacked: { type: Boolean },
    };
    static styles = [shared, css`
        :host { display: block; }
        .box { position: relative; height: 15rem; }
    `];

    type = 'line';
    labels = [];
    series = [];
    #chart = null;
    /** What is drawn: the same again would only take away what somebody points at. */
    #drawn = '';
    #dark = matchMedia('(prefers-color-scheme: dark)');
    #repaint = () => this.#draw();

    connectedCallback() {
        super.connectedCallback();
        window.addEventListener('rc-theme', this.#repaint);
        this.#dark.addEventListener('change', this.#repaint);
        if (this.hasUpdated) {
            this.#draw();
        }
    }

    disconnectedCallback() {
        window.removeEventListener('rc-theme', this.#repaint);
        this.#dark.removeEventListener('change', this.#repaint);
        this.#chart?.destroy();
        this.#chart = null;
        super.disconnectedCallback();
    }

    updated() {
        const key = JSON.stringify([this.type, this.labels, this.series]);
        if (key !== this.#drawn) {
            this.#drawn = key;
            this.#draw();
        }
    }

    async #draw() {
        const { Chart } = await import('./chart-parts.js');
        const canvas = this.renderRoot.querySelector('canvas');
        if (!this.isConnected || canvas === null) {
            return;
        }
        const text = colourOf('--muted');
        const line = colourOf('--line');
        const axis = { ticks: { color: text, maxRotation: 0, autoSkipPadding: 12, precision: 0 }, grid: { color: line }, stacked: this.stacked === true };
        this.#chart?.destroy();
        this.#chart = new Chart(canvas, {
            type: this.type,
            data: {
                labels: this.labels,
                datasets: this.series.map(({ label, data }, i) => {
                    const colour = colourOf(COLOURS[i % COLOURS.length]);
                    return { label, data, borderColor: colour, backgroundColor: colour, borderWidth: 2, pointRadius: 2, tension: .25, spanGaps: true,
                             maxBarThickness: 36, borderRadius: this.type === 'bar' ? 3 : 0 };
                }),
            },
            options: {
                animation: false, responsive: true, maintainAspectRatio: false, interaction: { mode: 'index', intersect: false },
                plugins: { legend: { display: this.series.length > 1, labels: { color: text, boxWidth: 12 } } },
                scales: { x: { ...axis, grid: { display: false } }, y: { ...axis, beginAtZero: true } },
            },
        });
    }

    render() {
        return html`<div class="box"><canvas role="img" aria-label=${`${this.heading}; the table below has the same numbers`}></canvas></div>`;
    }
}
customElements.define('rc-chart', ChartOf);
