package io.rollcall.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the proof says of what it is one. */
class ProofTest {

    @TempDir
    Path tree;

    @Test
    void theCommitIsNamedAndWhatIsNotCommittedIsSaid() throws Exception {
        assertEquals("unknown", Proof.commit(tree));
        Files.writeString(tree.resolve("a.sql"), "SELECT 1");
        git("init", "-q");
        git("add", ".");
        git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "a");
        String commit = Proof.commit(tree);
        assertTrue(commit.matches("[0-9a-f]{7,}"), commit);

        Files.createDirectory(tree.resolve("docs"));
        Files.writeString(tree.resolve("docs").resolve("migration-proof.md"), "it writes this itself");
        assertEquals(commit, Proof.commit(tree));

        Files.writeString(tree.resolve("a.sql"), "SELECT 2");
        assertEquals(commit + " + uncommitted changes", Proof.commit(tree));
    }

    private void git(String... args) throws Exception {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(args));
        assertEquals(
                0,
                new ProcessBuilder(command)
                        .directory(tree.toFile())
                        .inheritIO()
                        .start()
                        .waitFor());
    }
}
