package io.rollcall.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;
import org.jboss.jandex.IndexView;

/**
 * The head of the OpenAPI document and, as a filter at build time, what operations and schemas share. A test compares the
 * document with {@code docs/openapi.yaml}, so everything stands in a fixed order.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ApiDocument implements OASFilter {

    private static final String CONVENTIONS = """
            Imports organisations of AI agents as trees of workspaces, keeps them, and answers what stands where.

            - Every error is a `Problem`: programs switch on `code`, people read `detail`, and `violations` names every
              bad field at once.
            - A field that this document does not have is refused, never dropped in silence.
            - Names are one line without white space at its ends. Lengths are counted in characters; their limits here
              are the defaults of settings. A body may have 10 MiB.
            - Times are in UTC with milliseconds. They and the ids are the server's.
            - Every reply has an `X-Request-Id`, yours if you sent one; the log has it too.
            - 401 says that there was no good token, 403 that this one may not do that, 429 that it makes too many requests.
            - After 503 send the same request again, with the same `Idempotency-Key` if it had one.
            """;

    private static final String TOKEN = """
            - The platform admin's token, `ROLLCALL_ADMIN_TOKEN`, or else printed once at the service's first start: may do
              all, in every organisation.
            - An organisation's token (`POST /org/tokens`): in its own tree `read` looks, `write` also imports, creates,
              changes and removes, `admin` also hands out tokens. What it makes without naming a parent is below its root.
            - A workspace's token (`POST /workspaces/{id}/tokens`): acts as that workspace.

            What belongs to another organisation is answered as if it did not exist.
            """;

    private final IndexView index;

    public ApiDocument(IndexView index) {
        this.index = index;
    }

    @Override
    public Schema filterSchema(Schema schema) {
        return SchemaFields.plain(schema);
    }

    @Override
    public void filterOpenAPI(OpenAPI document) {
        for (PathItem path : document.getPaths().getPathItems().values()) {
            var operations = new TreeMap<>(path.getOperations());
            operations.keySet().forEach(method -> path.setOperation(method, null));
            operations.forEach(path::setOperation);
            operations.values().forEach(SharedParts::complete);
        }
        SchemaFields.complete(document, index);
        document.getComponents()
                .addSecurityScheme(
                        "bearer",
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .description(TOKEN));
        writeInOrder(document);
    }

    /** A member stands where it was first set, so all are taken out and set again. */
    private static void writeInOrder(OpenAPI document) {
        String version = document.getOpenapi();
        var tags = document.getTags();
        var paths = document.getPaths();
        var components = document.getComponents();
        document.setOpenapi(null);
        document.setInfo(null);
        document.setTags(null);
        document.setPaths(null);
        document.setComponents(null);
        document.openapi(version)
                .info(OASFactory.createInfo()
                        .title("Rollcall")
                        .version("0.1")
                        .description(CONVENTIONS)
                        .license(OASFactory.createLicense().name("Apache-2.0").identifier("Apache-2.0")))
                .servers(List.of(
                        OASFactory.createServer().url("/").description("The service that this document is read from")))
                .security(List.of(OASFactory.createSecurityRequirement().addScheme("bearer")))
                .tags(tags)
                .paths(paths)
                .components(components);
    }
}
