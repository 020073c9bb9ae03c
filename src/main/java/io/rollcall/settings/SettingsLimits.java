package io.rollcall.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How much a workspace's settings may be. */
@ConfigMapping(prefix = "rollcall.settings")
interface SettingsLimits {

    /** Bytes of a document as it is answered, and of a body. At most 1,048,576, beyond which the table refuses. */
    @WithDefault("262144")
    int maxBytes();

    /** How deep a document may be nested. At most 100, which the database's stack surely has room for. */
    @WithDefault("64")
    int maxDepth();

    /** Documents of one workspace. */
    @WithDefault("200")
    int maxDocuments();
}
