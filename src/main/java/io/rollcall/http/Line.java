package io.rollcall.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;

/** What a request came over: Netty's channel, which Vert.x does not show. */
public final class Line {

    private Line() {}

    public static Channel channel(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel();
    }

    /**
     * At once. Vert.x, whose handler is the last one and would have the channel's own close too, first writes what is still to be
     * written, and of a socket waits ten seconds for the client's goodbye: those that are cut off read nothing.
     */
    public static Runnable cut(HttpServerRequest request) {
        ChannelPipeline pipeline = channel(request).pipeline();
        return () -> {
            var unused = pipeline.firstContext().close();
        };
    }
}
