package io.rollcall.http;

import io.vertx.ext.web.RoutingContext;

/** The id under which log, audit and client speak of one request; taken from the client's header where it sent one. */
public final class RequestId {

    static final String HEADER = "X-Request-Id";
    static final String KEY = "rollcall.request-id";

    private RequestId() {}

    public static String of(RoutingContext context) {
        return String.valueOf((Object) context.get(KEY));
    }
}
