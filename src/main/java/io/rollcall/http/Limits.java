package io.rollcall.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The lengths of texts that people write, in characters. */
@ConfigMapping(prefix = "rollcall.limits")
public interface Limits {

    /** A workspace's or template's name. At most 600, which the database's key can hold. */
    @WithDefault("255")
    int name();

    /** A workspace's role. */
    @WithDefault("1000")
    int role();

    /** A short identifier: runtime, model, a label's key. */
    @WithDefault("100")
    int word();

    /** Any other text: a description, a URL, a label's value. */
    @WithDefault("4000")
    int text();
}
