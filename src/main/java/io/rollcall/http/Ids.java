package io.rollcall.http;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Server-made ids: UUIDv7 (RFC 9562), so that rows made together lie together and ids sort in the order of making. */
public final class Ids {

    /** What stands for "no parent" in keys, since SQL's null equals nothing. */
    public static final UUID ZERO = new UUID(0, 0);

    private static final TimeBasedEpochGenerator GENERATOR = Generators.timeBasedEpochGenerator();
    private static final Pattern FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private Ids() {}

    public static UUID next() {
        return GENERATOR.generate();
    }

    /** Null when it is not written as a UUID; {@link UUID#fromString} alone accepts {@code 1-1-1-1-1}. */
    public static @Nullable UUID parse(String text) {
        return FORM.matcher(text).matches() ? UUID.fromString(text) : null;
    }

    /**
     * Null when the parameter is absent.
     *
     * @throws Problem 400 naming it when it is not a UUID
     */
    public static @Nullable UUID fromQuery(String parameter, @Nullable String text) {
        UUID id = text == null ? null : parse(text);
        if (text != null && id == null) {
            throw Problem.malformed(parameter, "must be a UUID");
        }
        return id;
    }

    /** @throws Problem 404 when it is not a UUID: no row can have it */
    public static UUID fromPath(String what, String text) {
        UUID id = parse(text);
        if (id == null) {
            throw Problem.notFound(what, text);
        }
        return id;
    }
}
