package io.rollcall;

import java.nio.file.Path;

/**
 * A database that this process brings along, found by {@link java.util.ServiceLoader}: the native image is built
 * without one.
 */
public interface LocalDatabase {

    /**
     * Starts the server on its data directory, creating both when missing.
     *
     * @return two ways into one database
     * @throws Unavailable when it cannot run here; the message says why and what to do
     */
    Urls start(Path directory);

    /** Stops the server, keeping its data. */
    void stop();

    /**
     * Each {@code postgresql://user:password@host:port/database}.
     *
     * @param serving of the role that owns nothing
     * @param owner of the role that owns the database and migrates it
     */
    record Urls(String serving, String owner) {
        @Override
        public String toString() {
            return "Urls[hidden]";
        }
    }

    /** The local database cannot be had on this machine. */
    final class Unavailable extends RuntimeException {
        /** EX_UNAVAILABLE of sysexits.h. */
        static final int EXIT_CODE = 69;

        private static final long serialVersionUID = 1L;

        public Unavailable(String message) {
            super(message);
        }

        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
