package io.rollcall.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A backup that is being written: beside its place under the name {@code <directory>.partial}, and in its place, durable and
 * under its own name, only when it is whole. Readable by its owner alone, since rows may be secret. A lock file tells a
 * backup that was cut off, which makes room, from one that is being taken.
 */
final class BackupDirectory implements AutoCloseable {

    private static final String LOCK = "lock";

    private final Path place;
    private final Path partial;
    private final FileChannel lock;
    private boolean whole;

    private BackupDirectory(Path place, Path partial, FileChannel lock) {
        this.place = place;
        this.partial = partial;
        this.lock = lock;
    }

    static BackupDirectory create(Path directory) throws IOException {
        Path place = directory.toAbsolutePath().normalize();
        if (Files.exists(place) && (!Files.isDirectory(place) || !isEmpty(place))) {
            throw new Refusal(place + " is there already, and not empty: name another directory");
        }
        Path name = place.getFileName();
        Path parent = place.getParent();
        if (name == null || parent == null) {
            throw new Refusal(place + " cannot be a backup's directory");
        }
        Files.createDirectories(parent);
        Path partial = parent.resolve(name + ".partial");
        if (Files.notExists(partial)) {
            Files.createDirectory(partial, only("rwx------", partial));
        }
        FileChannel lock = FileChannel.open(
                partial.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                only("rw-------", partial));
        if (!isTaken(lock)) {
            lock.close();
            throw new Refusal("a backup to " + place + " is being taken");
        }
        var made = new BackupDirectory(place, partial, lock);
        made.empty();
        return made;
    }

    OutputStream write(String file) throws IOException {
        Path path = partial.resolve(file);
        FileChannel channel = FileChannel.open(
                path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), only("rw-------", partial));
        return new java.io.BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16) {
            @Override
            public void close() throws IOException {
                try (channel) {
                    flush();
                    channel.force(true);
                }
            }
        };
    }

    /** Writes the manifest, which makes it a backup, and puts it in its place. */
    void finish(Manifest manifest) throws IOException {
        try (OutputStream out = write(Manifest.FILE)) {
            out.write(manifest.json().getBytes(StandardCharsets.UTF_8));
        }
        Files.delete(partial.resolve(LOCK));
        force(partial);
        Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE);
        whole = true;
        Path parent = place.getParent();
        if (parent != null) {
            force(parent);
        }
    }

    @Override
    public void close() throws IOException {
        if (!whole) {
            empty();
            Files.deleteIfExists(partial.resolve(LOCK));
            Files.deleteIfExists(partial);
        }
        lock.close();
    }

    private void empty() throws IOException {
        try (Stream<Path> files = Files.walk(partial)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(partial) && !file.endsWith(LOCK)) {
                    Files.delete(file);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock taken = channel.tryLock();
            return taken != null;
        } catch (OverlappingFileLockException byThisProcess) {
            return false;
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    private static FileAttribute<?>[] only(String permissions, Path beside) {
        return beside.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
