// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import io.windhover.runtime.serve.configuration.HttpConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask. A web page that a user of this network visits must not reach the node through that user's browser: not
 * by a foreign name that is made to lead here (DNS rebinding; addresses cannot be made to), and not from a foreign
 * origin. Whoever changes something must carry the token.
 */
final class Gate {
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+?)\\.?(?::[0-9]{1,5})?");
    private static final Pattern IP_ADDRESS = Pattern.compile("\\[.*\\]|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
    private static final Path MACHINE_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final String BEARER = "bearer ";

    private final Set<String> names;
    private final byte @Nullable [] token;

    Gate(HttpConfiguration http) {
        names = names(http.host());
        token = http.token() == null ? null : digest(http.token());
    }

    private static Set<String> names(String configured) {
        Set<String> names = new HashSet<>(List.of("localhost", configured.toLowerCase(Locale.ROOT)));
        try {
            String machine = Files.readString(MACHINE_NAME).strip().toLowerCase(Locale.ROOT);
            names.add(machine);
            names.add(machine + ".local");
        } catch (IOException notLinux) {
            // the machine has no name that we know of
        }
        return names;
    }

    void requireOwnName(Call call) throws Refusal {
        String host = call.header("Host");
        if (host != null && !isOwn(host)) {
            throw new Refusal(
                    Refusal.FORBIDDEN,
                    "this node is reached by its address, or by the name that http.listen gives, and by no other name");
        }
        String origin = call.header("Origin");
        if (origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host)) {
            throw new Refusal(Refusal.FORBIDDEN, "pages of other sites may not ask this node");
        }
    }

    private boolean isOwn(String host) {
        Matcher parts = AUTHORITY.matcher(host);
        return parts.matches()
                && (IP_ADDRESS.matcher(parts.group(1)).matches()
                        || names.contains(parts.group(1).toLowerCase(Locale.ROOT)));
    }

    void requireToken(Call call) throws Refusal {
        if (token == null) {
            throw new Refusal(
                    Refusal.FORBIDDEN, "nothing can be changed from here, because no token is configured (http.token)");
        }
        String given = call.header("Authorization");
        if (given == null
                || !given.regionMatches(true, 0, BEARER, 0, BEARER.length())
                || !MessageDigest.isEqual(
                        token, digest(given.substring(BEARER.length()).strip()))) {
            throw new Refusal(
                    Refusal.UNAUTHORIZED,
                    given == null ? "this needs the node's token" : "the token is wrong",
                    Map.of("WWW-Authenticate", "Bearer"));
        }
    }

    /** So that the time of a comparison does not tell the token's length either. */
    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }
}
