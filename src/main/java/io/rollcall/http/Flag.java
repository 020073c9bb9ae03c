package io.rollcall.http;

import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** A parameter that is {@code true} or {@code false}; the framework alone takes any other text for false. */
@Provider
final class Flag implements ParamConverterProvider {

    @Override
    @SuppressWarnings("unchecked") // the class was compared
    public <T> @Nullable ParamConverter<T> getConverter(Class<T> type, Type generic, Annotation[] annotations) {
        return type == boolean.class || type == Boolean.class ? (ParamConverter<T>) new Strict() : null;
    }

    private static final class Strict implements ParamConverter<Boolean> {

        @Override
        public Boolean fromString(String text) {
            return switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("neither true nor false");
            };
        }

        @Override
        public String toString(Boolean value) {
            return value.toString();
        }
    }
}
