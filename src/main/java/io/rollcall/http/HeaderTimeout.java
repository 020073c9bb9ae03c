package io.rollcall.http;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client takes longer over a request's head than {@link TimeLimits#headerTimeout}: a few bytes
 * now and then would otherwise hold it for ever ("Slowloris"). Vert.x has an idle timeout only, which each byte starts
 * anew, so this is Netty's extension for the connections that a server accepts; the database's are a client's and are
 * not concerned.
 *
 * <p>After a WebSocket's handshake nothing is a head: its reply never ends. Where an operator allows HTTP/2, a connection
 * is watched until its first request alone, since later bytes need not be a head's.
 */
public final class HeaderTimeout extends ChannelInitializerExtension {

    private final Duration limit = ConfigProvider.getConfig()
            .unwrap(SmallRyeConfig.class)
            .getConfigMapping(TimeLimits.class)
            .headerTimeout();

    /** To be called before the server listens: Netty asks once. */
    static void install() {
        System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    }

    /** The head is here; the next one may begin when the body is read and the reply written. */
    static void headArrived(RoutingContext context) {
        HttpServerRequest request = context.request();
        ChannelPipeline pipeline = Line.channel(request).pipeline();
        Watch watch = pipeline.get(Watch.class);
        if (watch == null) {
            return;
        }
        if (request.version() == HttpVersion.HTTP_2) {
            pipeline.remove(watch);
            return;
        }
        int head = watch.headArrived();
        Future<Void> read = request.isEnded() ? Future.succeededFuture() : request.end();
        EventLoop loop = pipeline.channel().eventLoop();
        context.addEndHandler(written -> read.onComplete(whole -> loop.execute(() -> watch.done(head))));
    }

    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        channel.pipeline().addFirst(new Watch(limit));
    }

    /** Confined to the connection's event loop. */
    private static final class Watch extends ChannelInboundHandlerAdapter {

        private final Duration limit;
        private boolean betweenRequests = true;
        private int heads;
        private @Nullable ScheduledFuture<?> closing;

        Watch(Duration limit) {
            this.limit = limit;
        }

        int headArrived() {
            stop();
            betweenRequests = false;
            return ++heads;
        }

        /** A pipelined request may have begun before the one before it is known to be done. */
        void done(int head) {
            betweenRequests = head == heads;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            start(context);
            context.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            if (betweenRequests) {
                start(context);
            }
            context.fireChannelRead(bytes);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            stop();
        }

        private void start(ChannelHandlerContext context) {
            if (closing == null) {
                closing = context.executor().schedule(() -> hangUp(context), limit.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        private static void hangUp(ChannelHandlerContext context) {
            var unused = context.close();
        }

        private void stop() {
            if (closing != null) {
                closing.cancel(false);
                closing = null;
            }
        }
    }
}
