package io.rollcall.hearing;

/**
 * How many agents are live, and how many of these fell quiet lately. When many do so at once,
 * it is rather they who cannot be heard: the network, a proxy, this service. Eureka and Nomad know the same brake.
 *
 * <p>Quiet is who was not heard for half the time after which he is silent. It must be less than all of it: beats are
 * spread over their interval, so of a fleet that is cut off a few cross the line first, and would be judged before the
 * others show what happened.
 *
 * @param live heard of within twice the time after which somebody is silent
 * @param quiet of these, not heard for half that time
 */
record Hearing(long live, long quiet) {

    static final Hearing NOBODY = new Hearing(0, 0);

    /** Fewer may fall quiet together by chance, or share one machine. */
    static final int FEW = 5;

    /** @param brake above which share it is too many at once */
    boolean isTooQuiet(double brake) {
        return quiet >= FEW && quiet > brake * live;
    }
}
