package io.rollcall;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code postgresql://user:password@host:port/database?parameters}, and the Quarkus settings that follow from it. The
 * query is handed to both drivers as it stands ({@code sslmode=verify-full} means the same to both).
 */
record DatabaseUrl(
        String hostAndPath, @Nullable String user, @Nullable String password) {

    static final String PROPERTY = "rollcall.database.url";
    private static final String ENVIRONMENT = "ROLLCALL_DATABASE_URL";

    /** What the process was started with: the system property, else the environment. Blank counts as unset. */
    static Optional<String> configured() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .or(() -> Optional.ofNullable(System.getenv(ENVIRONMENT)))
                .filter(url -> !url.isBlank());
    }

    /** @throws IllegalArgumentException when it is not such a URL; the message never repeats it, for its password's sake */
    static DatabaseUrl parse(String url) {
        URI uri;
        try {
            uri = URI.create(url.strip());
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        boolean postgres = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        String path = uri.getRawPath();
        if (!postgres || uri.getHost() == null || path == null || path.length() < 2) {
            throw invalid();
        }
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        int port = uri.getPort() < 0 ? 5432 : uri.getPort();
        String rawUserInfo = uri.getRawUserInfo();
        String[] userInfo = rawUserInfo == null ? new String[0] : rawUserInfo.split(":", 2);
        return new DatabaseUrl(
                uri.getHost() + ":" + port + path + query,
                userInfo.length > 0 ? decode(userInfo[0]) : null,
                userInfo.length > 1 ? decode(userInfo[1]) : null);
    }

    Map<String, String> quarkusSettings() {
        var settings = new LinkedHashMap<String, String>();
        settings.put("quarkus.datasource.reactive.url", "postgresql://" + hostAndPath);
        settings.put("quarkus.datasource.jdbc.url", "jdbc:postgresql://" + hostAndPath);
        if (user != null) {
            settings.put("quarkus.datasource.username", user);
        }
        if (password != null) {
            settings.put("quarkus.datasource.password", password);
        }
        return settings;
    }

    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException(
                ENVIRONMENT + " must have the form postgresql://user:password@host:5432/database");
    }
}
