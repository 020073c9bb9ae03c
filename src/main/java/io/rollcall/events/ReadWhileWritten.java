package io.rollcall.events;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.rollcall.http.Line;
import io.vertx.core.http.HttpServerRequest;

/**
 * Reads from a socket only while what is written to it leaves. Vert.x answers every ping at once, also to a client that
 * never reads: the pongs of a flood of pings filled the memory within seconds.
 */
final class ReadWhileWritten extends ChannelInboundHandlerAdapter {

    static void install(HttpServerRequest request) {
        Line.channel(request).pipeline().addFirst(new ReadWhileWritten());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(context.channel().isWritable());
        context.fireChannelWritabilityChanged();
    }
}
