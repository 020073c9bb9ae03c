import { now } from './clock.js';

const UNITS = [[86_400, 'd'], [3_600, 'h'], [60, 'min'], [1, 's']];

/** A length of time in its largest unit: `3 min`. Negative ones count as none. */
export function span(milliseconds) {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const [size, unit] = UNITS.find(([each]) => seconds >= each) ?? [1, 's'];
    return `${Math.floor(seconds / size)} ${unit}`;
}

/** How much is left until then, in its two largest units and rounded up: a second into six hours there are `6 h`, not 5. */
export function left(time) {
    const seconds = Math.max(0, Math.ceil((Date.parse(time) - now()) / 1000));
    if (seconds < 60) {
        return `${seconds} s`;
    }
    const minutes = Math.ceil(seconds / 60);
    if (minutes < 60) {
        return `${minutes} min`;
    }
    const [parts, size, units] = minutes < 1440 ? [minutes, 60, ['h', 'min']] : [Math.ceil(minutes / 60), 24, ['d', 'h']];
    const rest = parts % size;
    return `${Math.floor(parts / size)} ${units[0]}${rest === 0 ? '' : ` ${rest} ${units[1]}`}`;
}

/** How long ago that was, by the service's clock. */
export function ago(time) {
    return time ? `${span(now() - Date.parse(time))} ago` : 'never';
}

/** The time as people here write it, to the second. */
export function clock(time) {
    return time ? new Date(time).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'medium' }) : '';
}
