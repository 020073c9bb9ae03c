package io.rollcall;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Turns the one setting {@code rollcall.database.url} into the datasource settings of both drivers. The owner's URL is none
 * of theirs: see {@code schema.Owner}.
 */
public final class DatabaseUrlSource implements ConfigSourceFactory {

    private static final int ABOVE_APPLICATION_PROPERTIES = 275;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        String url = context.getValue(DatabaseUrl.SERVING).getValue();
        if (url == null || url.isBlank()) {
            return List.of();
        }
        return List.of(new PropertiesConfigSource(
                DatabaseUrl.serving(url).quarkusSettings(), DatabaseUrl.SERVING, ABOVE_APPLICATION_PROPERTIES));
    }

    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(ABOVE_APPLICATION_PROPERTIES);
    }
}
