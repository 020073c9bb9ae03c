/**
 * Does something again and again while the page is looked at, and at once when it is looked at again: for what is not told
 * by events, as heartbeats are not. One round begins only when the one before has ended.
 *
 * @returns {() => void} ends it
 */
export function whileVisible(milliseconds, round) {
    let timer = null;
    let running = false;
    let ended = false;
    const next = async () => {
        clearTimeout(timer);
        if (ended || running || document.visibilityState !== 'visible') {
            return;
        }
        running = true;
        try {
            await round();
        } finally {
            running = false;
            if (!ended) {
                timer = setTimeout(next, milliseconds);
            }
        }
    };
    document.addEventListener('visibilitychange', next);
    timer = setTimeout(next, milliseconds);
    return () => {
        ended = true;
        clearTimeout(timer);
        document.removeEventListener('visibilitychange', next);
    };
}

/**
 * Does something soon after it was asked for, and so often at most however often it is asked for. A timer that every asking
 * begins anew would never end while much happens. What is asked for during a round is done by one more.
 *
 * @returns {{ask: () => void, end: () => void}}
 */
export function atMostEvery(milliseconds, round) {
    let timer = null;
    let again = false;
    let running = false;
    const ask = () => {
        again = running;
        if (running) {
            return;
        }
        timer ??= setTimeout(async () => {
            running = true;
            try {
                await round();
            } finally {
                running = false;
                timer = null;
                if (again) {
                    ask();
                }
            }
        }, milliseconds);
    };
    const end = () => {
        clearTimeout(timer);
        timer = null;
        again = false;
    };
    return { ask, end };
}
