package io.rollcall;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code postgresql://user:password@host:port/database?parameters}, and the Quarkus settings that follow from it. The
 * query is handed to both drivers as it stands ({@code sslmode=verify-full} means the same to both).
 */
public record DatabaseUrl(
        String hostAndPath, @Nullable String user, @Nullable String password) {

    /** Of the role that serves; without the other one it also owns the tables and migrates them. */
    static final String SERVING = "rollcall.database.url";

    /** Of the role that owns the tables. */
    static final String OWNER = "rollcall.database.owner-url";

    /** What the process was started with: the system property, else the environment. Blank counts as unset. */
    static Optional<String> configured(String property) {
        return Optional.ofNullable(System.getProperty(property))
                .or(() -> Optional.ofNullable(System.getenv(environment(property))))
                .filter(url -> !url.isBlank());
    }

    static DatabaseUrl serving(String url) {
        return parse(SERVING, url);
    }

    public static DatabaseUrl owner(String url) {
        DatabaseUrl owner = parse(OWNER, url);
        if (owner.user == null) {
            throw invalid(OWNER);
        }
        return owner;
    }

    /** @throws IllegalArgumentException when it is not such a URL; the message never repeats it, for its password's sake */
    private static DatabaseUrl parse(String property, String url) {
        URI uri;
        try {
            uri = URI.create(url.strip());
        } catch (IllegalArgumentException e) {
            throw invalid(property);
        }
        boolean postgres = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        String path = uri.getRawPath();
        if (!postgres || uri.getHost() == null || path == null || path.length() < 2) {
            throw invalid(property);
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
        settings.put("quarkus.datasource.reactive.url", reactive());
        settings.put("quarkus.datasource.jdbc.url", jdbc());
        if (user != null) {
            settings.put("quarkus.datasource.username", user);
        }
        if (password != null) {
            settings.put("quarkus.datasource.password", password);
        }
        return settings;
    }

    /** Without user and password. */
    public String jdbc() {
        return "jdbc:postgresql://" + hostAndPath;
    }

    /** Without user and password. */
    public String reactive() {
        return "postgresql://" + hostAndPath;
    }

    @Override
    public String toString() {
        return "DatabaseUrl[hidden]";
    }

    private static String environment(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException invalid(String property) {
        return new IllegalArgumentException(
                environment(property) + " must have the form postgresql://user:password@host:5432/database");
    }
}
