package io.rollcall.organisation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The bounds of an import. */
@ConfigMapping(prefix = "rollcall.import")
interface ImportSettings {

    /** Workspaces in one template. */
    @WithDefault("20000")
    int maxNodes();

    /** Levels of the tree, counted from the organisation's root. */
    @WithDefault("64")
    int maxDepth();

    /** The share of the existing nodes that a reconcile removes without being asked to confirm. */
    @WithDefault("0.3")
    double reconcileLimit();

    /** How often a node is tried again whose conflicting twin vanished, before the import gives up with 409. */
    @WithDefault("5")
    int attempts();

    /** Imports that run at once: each holds a connection, and imports of one tree wait for each other with it. */
    @WithDefault("4")
    int concurrent();

    /** Imports that may wait for that; one more is answered 503 with {@code Retry-After}. */
    @WithDefault("100")
    int queueSize();

    /** A directory of templates beside the shipped ones: {@code <dir>/org.yaml}. */
    @WithDefault("${rollcall.templates.dir:}")
    Optional<String> templatesDir();
}
