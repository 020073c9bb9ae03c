package io.rollcall.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The lengths of texts that people write, in characters. */
@ConfigMapping(prefix = "rollcall.limits")
public interface Limits {

    // The defaults by name, for the API's document.
    int NAME = 255;
    int ROLE = 1000;
    int WORD = 100;
    int TEXT = 4000;

    /** A workspace's or template's name. At most 600, which the database's key can hold. */
    @WithDefault("" + NAME)
    int name();

    /** A workspace's role. */
    @WithDefault("" + ROLE)
    int role();

    /** A short identifier: runtime, model, a label's key. */
    @WithDefault("" + WORD)
    int word();

    /** Any other text: a description, a URL, a label's value. */
    @WithDefault("" + TEXT)
    int text();
}
