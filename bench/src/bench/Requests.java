package bench;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests as bytes, made without any library. */
final class Requests {

    private static final byte[] DELEGATION_ID = "\"delegation_id\":\"".getBytes(StandardCharsets.US_ASCII);

    private Requests() {}

    static byte[] post(String path, String token, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        var whole = new byte[head.length + body.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        return whole;
    }

    /** All values of {@code delegation_id} in a reply, in order. */
    static void delegationIds(byte[] bytes, int from, int to, List<String> into) {
        for (int i = from; i < to - DELEGATION_ID.length; i++) {
            if (bytes[i] == '"' && startsWith(bytes, i)) {
                int begin = i + DELEGATION_ID.length;
                int end = begin;
                while (bytes[end] != '"') {
                    end++;
                }
                into.add(new String(bytes, begin, end - begin, StandardCharsets.US_ASCII));
                i = end;
            }
        }
    }

    private static boolean startsWith(byte[] bytes, int at) {
        for (int j = 0; j < DELEGATION_ID.length; j++) {
            if (bytes[at + j] != DELEGATION_ID[j]) {
                return false;
            }
        }
        return true;
    }
}
