package io.rollcall.embedded;

import io.rollcall.LocalDatabase.Unavailable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One process a data directory. The operating system releases it when the process dies, however it dies. */
record DirectoryLock(FileChannel channel) {

    static DirectoryLock take(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new Unavailable(
                    "another Rollcall runs on " + directory
                            + ". Stop it, or set ROLLCALL_DATA_DIR to another directory (and QUARKUS_HTTP_PORT to another port)");
        }
        return new DirectoryLock(channel);
    }

    void release() {
        try {
            channel.close();
        } catch (IOException e) {
            Logger.getLogger(DirectoryLock.class).debug("The lock goes with the process", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
