package io.rollcall.events;

import io.rollcall.events.Listener.Heard;
import java.util.List;

/** What hears events: a stream or a socket. */
interface Ear {

    /** In the order in which they came, with {@code ready}. */
    List<Heard> all();

    boolean hasEnded();

    /** All events but {@code ready}. */
    default List<Heard> events() {
        return all().stream().filter(one -> !one.event().equals("ready")).toList();
    }

    /** -1 when nothing came. */
    default long lastId() {
        List<Heard> heard = all();
        return heard.isEmpty() ? -1 : heard.get(heard.size() - 1).id();
    }
}
