package io.rollcall.access;

import io.quarkus.security.identity.SecurityIdentity;
import io.rollcall.http.RequestId;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;

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
}
