package io.rollcall.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times on the wire: RFC 3339 in UTC, always with milliseconds. */
@Singleton
final class JsonFormat implements ObjectMapperCustomizer {

    private static final DateTimeFormatter RFC_3339 = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");

    /** Last, over the modules that Quarkus registers. */
    @Override
    public int priority() {
        return Integer.MIN_VALUE;
    }

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.registerModule(new SimpleModule().addSerializer(new Time()));
    }

    private static final class Time extends StdSerializer<OffsetDateTime> {

        private static final long serialVersionUID = 1L;

        Time() {
            super(OffsetDateTime.class);
        }

        @Override
        public void serialize(OffsetDateTime time, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(RFC_3339.format(time.withOffsetSameInstant(ZoneOffset.UTC)));
        }
    }
}
