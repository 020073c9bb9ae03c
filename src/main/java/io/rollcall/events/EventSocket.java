package io.rollcall.events;

import io.rollcall.events.EventStream.Piece;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;

/**
 * A stream over an open socket. What a client sends is read and left at that. The next piece is made when the one before has
 * been taken; who answers {@value #MOST_UNANSWERED} pings with nothing is gone, and his network did not say so.
 */
final class EventSocket {

    private static final Buffer SIGN_OF_LIFE = Buffer.buffer("rollcall");
    private static final short GOING_AWAY = 1001;
    private static final int MOST_UNANSWERED = 3;

    private final ServerWebSocket socket;
    private final EventStream stream;

    /** On the socket's event loop alone. */
    private int unanswered;

    EventSocket(ServerWebSocket socket, EventStream stream) {
        this.socket = socket;
        this.stream = stream;
    }

    void tell() {
        socket.closeHandler(closed -> stream.leave());
        socket.exceptionHandler(broken -> stream.end());
        socket.handler(said -> {});
        socket.pongHandler(pong -> unanswered = 0);
        next();
    }

    private void next() {
        if (!socket.isClosed()) {
            stream.next().subscribe().with(this::write, failure -> close());
        }
    }

    private void write(Piece piece) {
        if (piece.isEnd() || socket.isClosed()) {
            close();
        } else if (!piece.events().isEmpty()) {
            Future<Void> written = Future.succeededFuture();
            for (Told told : piece.events()) {
                written = socket.writeTextMessage(told.json());
            }
            goOn(written);
        } else if (++unanswered > MOST_UNANSWERED) {
            stream.breakOff();
        } else {
            goOn(socket.writePing(SIGN_OF_LIFE));
        }
    }

    private void goOn(Future<Void> written) {
        written.onSuccess(taken -> next()).onFailure(broken -> stream.end());
    }

    private void close() {
        stream.end();
        if (!socket.isClosed()) {
            socket.close(GOING_AWAY);
        }
    }
}
