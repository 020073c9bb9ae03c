package io.rollcall.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.FieldInfo;
import org.jboss.jandex.IndexView;
import org.jspecify.annotations.Nullable;

/**
 * What records say of their fields, told to their schemas, so that no annotation repeats it. A reply carries every field,
 * as null where the component is {@code @Nullable}, unless {@code @JsonInclude} lets it be left out. A request may leave
 * out what is {@code @Nullable}, and may have no other field.
 *
 * <p>A schema belongs to the record that has its name in {@code @Schema(name = …)}; without one the build fails.
 */
final class SchemaFields {

    private static final DotName SCHEMA =
            DotName.createSimple(org.eclipse.microprofile.openapi.annotations.media.Schema.class);
    private static final DotName NULLABLE = DotName.createSimple(Nullable.class);
    private static final DotName PROPERTY = DotName.createSimple(JsonProperty.class);
    private static final DotName INCLUDE = DotName.createSimple(JsonInclude.class);
    private static final DotName UNWRAPPED = DotName.createSimple(JsonUnwrapped.class);
    private static final String COMPONENTS = "#/components/schemas/";
    private static final Map<String, String> FORMATS =
            Map.of(COMPONENTS + "UUID", "uuid", COMPONENTS + "OffsetDateTime", "date-time");

    private final IndexView index;
    private final Map<String, Schema> schemas;
    private final Map<String, ClassInfo> records = new HashMap<>();
    private final Set<String> sent = new HashSet<>();
    private final Set<String> answered = new HashSet<>();

    private SchemaFields(OpenAPI document, IndexView index) {
        this.index = index;
        schemas = new TreeMap<>(document.getComponents().getSchemas());
        for (AnnotationInstance annotation : index.getAnnotations(SCHEMA)) {
            if (annotation.target() instanceof ClassInfo type && type.isRecord() && annotation.value("name") != null) {
                records.put(annotation.value("name").asString(), type);
            }
        }
    }

    /** The JDK's types where they are used, not as schemas of their own; no type beside what says it already. */
    static Schema plain(Schema schema) {
        String format = schema.getRef() == null ? null : FORMATS.get(schema.getRef());
        if (format != null) {
            schema.setRef(null);
            schema.setPattern(null);
            schema.type(List.of(SchemaType.STRING)).format(format);
        } else if (schema.getRef() != null || schema.getOneOf() != null) {
            schema.setType(null);
        }
        return schema;
    }

    /** Completes every object schema of the document, drops what nothing refers to, and sorts the rest by name. */
    static void complete(OpenAPI document, IndexView index) {
        var fields = new SchemaFields(document, index);
        document.getPaths().getPathItems().values().forEach(path -> path.getOperations()
                .values()
                .forEach(fields::follow));
        fields.schemas.keySet().removeIf(name -> !fields.sent.contains(name) && !fields.answered.contains(name));
        fields.schemas.forEach((name, schema) -> {
            if (schema.getProperties() != null) {
                fields.describe(name, schema);
            } else if (isOfNothing(schema)) {
                schema.setType(null);
            }
        });
        document.getComponents().setSchemas(fields.schemas);
    }

    /** What is called an object and has nothing to say of one may be any JSON. */
    private static boolean isOfNothing(Schema schema) {
        return List.of(SchemaType.OBJECT).equals(schema.getType())
                && schema.getAdditionalPropertiesSchema() == null
                && schema.getAdditionalPropertiesBoolean() == null;
    }

    private void follow(Operation operation) {
        if (operation.getParameters() != null) {
            operation.getParameters().forEach(parameter -> follow(parameter.getSchema(), sent));
        }
        if (operation.getRequestBody() != null) {
            follow(operation.getRequestBody().getContent(), sent);
        }
        operation
                .getResponses()
                .getAPIResponses()
                .values()
                .forEach(response -> follow(response.getContent(), answered));
    }

    private void follow(@Nullable Content content, Set<String> reached) {
        if (content != null) {
            content.getMediaTypes().values().forEach(media -> follow(media.getSchema(), reached));
        }
    }

    private void follow(@Nullable Schema schema, Set<String> reached) {
        if (schema == null) {
            return;
        }
        if (schema.getRef() != null) {
            String name = schema.getRef().substring(COMPONENTS.length());
            if (reached.add(name)) {
                follow(schemas.get(name), reached);
            }
        }
        Stream.of(schema.getAllOf(), schema.getAnyOf(), schema.getOneOf())
                .filter(Objects::nonNull)
                .forEach(choices -> choices.forEach(choice -> follow(choice, reached)));
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(property -> follow(property, reached));
        }
        follow(schema.getItems(), reached);
        follow(schema.getPropertyNames(), reached);
        follow(schema.getAdditionalPropertiesSchema(), reached);
    }

    private void describe(String name, Schema schema) {
        Map<String, FieldInfo> fields = fields(name);
        List<String> required = new ArrayList<>();
        Map<String, Schema> properties = new LinkedHashMap<>();
        schema.getProperties().forEach((property, value) -> {
            FieldInfo field = fields.get(property);
            if (field == null) {
                throw new IllegalStateException(name + "." + property + ": no such field in the record");
            }
            boolean nullable = field.type().hasAnnotation(NULLABLE);
            boolean optional = sent.contains(name) ? nullable : field.hasAnnotation(INCLUDE);
            if (!optional) {
                required.add(property);
            }
            properties.put(property, nullable && !optional ? orNull(value) : value);
        });
        schema.setProperties(properties);
        schema.setRequired(required.isEmpty() ? null : required);
        if (!answered.contains(name)
                && schema.getAdditionalPropertiesBoolean() == null
                && schema.getAdditionalPropertiesSchema() == null) {
            schema.setAdditionalPropertiesBoolean(false);
        }
    }

    private Map<String, FieldInfo> fields(String name) {
        ClassInfo type = records.get(name);
        if (type == null) {
            throw new IllegalStateException("no record has @Schema(name = \"" + name + "\")");
        }
        Map<String, FieldInfo> fields = new HashMap<>();
        collect(type, fields);
        return fields;
    }

    private void collect(ClassInfo type, Map<String, FieldInfo> fields) {
        for (FieldInfo field : type.fields()) {
            if (field.hasAnnotation(UNWRAPPED)) {
                collect(index.getClassByName(field.type().name()), fields);
            } else {
                fields.put(name(field), field);
            }
        }
    }

    private static String name(FieldInfo field) {
        AnnotationInstance own = field.annotation(PROPERTY);
        return own == null
                ? SnakeCaseStrategy.INSTANCE.translate(field.name())
                : own.value().asString();
    }

    private static Schema orNull(Schema schema) {
        // The words of an enumeration are all that it may be, and null is none of them.
        if (schema.getRef() != null || schema.getEnumeration() != null) {
            return OASFactory.createSchema()
                    .addAnyOf(schema)
                    .addAnyOf(OASFactory.createSchema().addType(SchemaType.NULL));
        }
        // Without a type it may be anything, also null.
        return schema.getType() == null ? schema : schema.addType(SchemaType.NULL);
    }
}
