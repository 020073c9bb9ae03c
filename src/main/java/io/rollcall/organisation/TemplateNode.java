package io.rollcall.organisation;

import io.rollcall.http.FieldPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A workspace as a valid template states it, defaults applied. Null means: not stated. The JSON documents are kept as
 * text, which is all the database wants of them.
 */
record TemplateNode(
        FieldPath path,
        String name,
        @Nullable String role,
        @Nullable String runtime,
        @Nullable Integer tier,
        @Nullable String model,
        @Nullable Integer maxConcurrentTasks,
        @Nullable Boolean external,
        @Nullable String url,
        boolean spawning,
        @Nullable Double x,
        @Nullable Double y,
        @Nullable String labels,
        @Nullable String requiredEnv,
        @Nullable String agents,
        @Nullable String config,
        List<EnvRequirement> environment,
        List<TemplateNode> children) {}
