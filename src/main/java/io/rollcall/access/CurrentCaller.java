package io.rollcall.access;

import io.quarkus.security.identity.SecurityIdentity;
import io.rollcall.http.RequestId;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.HttpHeaders;

/** The caller of the request being served. Asked once, at the door; everything below is handed the {@link Caller}. */
@RequestScoped
public class CurrentCaller {

    private final SecurityIdentity identity;
    private final RoutingContext context;

    CurrentCaller(SecurityIdentity identity, RoutingContext context) {
        this.identity = identity;
        this.context = context;
    }

    public Caller get() {
        return new Caller(identity.getAttribute(BearerAuthentication.TOKEN), RequestId.of(context));
    }

    /** The token as it was shown: for what only its holder is to read again. Never to be kept or logged. */
    public String secret() {
        return BearerAuthentication.shown(context.request().getHeader(HttpHeaders.AUTHORIZATION));
    }
}
