package io.rollcall.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the proof says of what it is one, and the releases that it needs can be had. */
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

    /** Only main is kept: what it does not lead to is gone with the next clone, and the proof with it. */
    @Test
    void everyReleaseIsBuiltFromACommitThatMainLeadsTo() throws Exception {
        Path here = Path.of("").toAbsolutePath();
        assumeTrue(exit(here, "rev-parse", "HEAD") == 0, "not a clone");
        assumeTrue(Files.notExists(here.resolve(".git").resolve("shallow")), "a shallow clone");
        for (String release : Files.readAllLines(Path.of("proof", "releases.txt"))) {
            assertEquals(0, exit(here, "merge-base", "--is-ancestor", release.split(" ")[1], "HEAD"), release);
        }
    }

    private void git(String... args) throws Exception {
        assertEquals(0, exit(tree, args));
    }

    private static int exit(Path directory, String... args) throws Exception {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .inheritIO()
                .start()
                .waitFor();
    }
}
