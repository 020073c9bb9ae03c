package io.rollcall.heartbeat;

import io.rollcall.Misconfigured;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Where incidents are posted to: a host that was named twice, in the URL and in the list of those that are allowed. */
record WebhookTarget(URI url) {

    private static final String URL = "rollcall.incidents.webhook-url";
    private static final String HOSTS = "rollcall.incidents.webhook-hosts";
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    /** @throws Misconfigured when it may not be posted to. The message has no more of the URL than its host: paths are secrets */
    static WebhookTarget of(String text, List<String> allowed) {
        URI url = parse(text);
        String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (host.isEmpty() || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new Misconfigured(URL + " must be a URL with a host, without a user and a fragment, as in"
                    + " https://alerts.example.org/rollcall");
        }
        if (!scheme.equals("https")
                && !(scheme.equals("http") && LOOPBACK.matcher(host).matches())) {
            throw new Misconfigured(URL + " must begin with https://; http:// is for this machine alone (localhost,"
                    + " 127.0.0.1, [::1])");
        }
        if (allowed.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).noneMatch(host::equals)) {
            throw new Misconfigured(URL + " names the host " + host + ", which is not in " + HOSTS
                    + ". If incidents may be sent there, set " + HOSTS + "=" + host);
        }
        return new WebhookTarget(url);
    }

    private static URI parse(String text) {
        try {
            return new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new Misconfigured(URL + " is not a URL");
        }
    }
}
