package io.rollcall.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.rollcall.access.Caller;
import io.rollcall.access.Transactions;
import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.resteasy.reactive.RestMulti;

/**
 * The whole tree as it is read, in pieces of some hundred rows: memory does not grow with the organisation, and a piece
 * costs one write, not one a row.
 */
@ApplicationScoped
class WorkspaceStream {

    static final String JSON_LINES = "application/x-ndjson";

    private static final int ROWS_A_PIECE = 250;

    private final Transactions transactions;
    private final WorkspaceRepository repository;
    private final ObjectWriter writer;

    WorkspaceStream(Transactions transactions, WorkspaceRepository repository, ObjectMapper mapper) {
        this.transactions = transactions;
        this.repository = repository;
        this.writer = mapper.writerFor(Workspace.class);
    }

    Multi<byte[]> array(Caller caller, WorkspaceFilter filter) {
        return raw(asArray(groups(caller, filter)), MediaType.APPLICATION_JSON);
    }

    Multi<byte[]> lines(Caller caller, WorkspaceFilter filter) {
        return raw(asLines(groups(caller, filter)), JSON_LINES);
    }

    private Multi<List<Workspace>> groups(Caller caller, WorkspaceFilter filter) {
        return transactions.stream(caller, connection -> repository.list(connection, caller, filter))
                .group()
                .intoLists()
                .of(ROWS_A_PIECE);
    }

    /** The pieces are JSON already: the framework writes them as they are, each followed by a line's end. */
    private static Multi<byte[]> raw(Multi<byte[]> pieces, String type) {
        return RestMulti.fromMultiData(pieces)
                .header(HttpHeaders.CONTENT_TYPE, type)
                .encodeAsJsonArray(false)
                .withDemand(4)
                .build();
    }

    private Multi<byte[]> asLines(Multi<List<Workspace>> groups) {
        return groups.map(group -> {
            var piece = new Piece();
            for (int i = 0; i < group.size(); i++) {
                piece.add(i == 0 ? "" : "\n").add(group.get(i));
            }
            return piece.bytes();
        });
    }

    private Multi<byte[]> asArray(Multi<List<Workspace>> groups) {
        var begun = new AtomicBoolean();
        Multi<byte[]> pieces = groups.map(group -> {
            var piece = new Piece();
            group.forEach(
                    workspace -> piece.add(begun.getAndSet(true) ? "," : "[").add(workspace));
            return piece.bytes();
        });
        Multi<byte[]> end =
                Multi.createFrom().item(() -> (begun.get() ? "]" : "[]").getBytes(StandardCharsets.US_ASCII));
        return Multi.createBy().concatenating().streams(pieces, end);
    }

    private final class Piece {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(32 * 1024);

        Piece add(Workspace workspace) {
            try {
                out.writeBytes(writer.writeValueAsBytes(workspace));
                return this;
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(new IOException(e));
            }
        }

        Piece add(String text) {
            out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
