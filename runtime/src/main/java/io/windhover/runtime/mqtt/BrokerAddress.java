package io.windhover.runtime.mqtt;

import io.windhover.runtime.WindhoverException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a broker is and who we are to it. Its text never shows the password.
 *
 * @param secure   TLS, verified against the machine's certificates
 * @param password null when there is none
 */
public record BrokerAddress(String host, int port, boolean secure, @Nullable String user, @Nullable String password) {
    private static final int PLAIN_PORT = 1883;
    private static final int SECURE_PORT = 8883;
    private static final String EXPECTED = "; write mqtt://HOST[:PORT] or mqtts://[USER:PASSWORD@]HOST[:PORT].";

    /** Reads {@code mqtt://}, {@code tcp://}, {@code mqtts://} or {@code ssl://}. */
    public static BrokerAddress parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException problem) {
            throw new WindhoverException("The broker's address cannot be read (" + problem.getReason() + ")" + EXPECTED, problem);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("mqtts") || scheme.equals("ssl");
        if (!secure && !scheme.equals("mqtt") && !scheme.equals("tcp")) {
            throw new WindhoverException("The broker's address has the unknown scheme '" + scheme + "'" + EXPECTED);
        }
        if (uri.getHost() == null) {
            throw new WindhoverException("The broker's address names no host" + EXPECTED);
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? SECURE_PORT : PLAIN_PORT;
        String[] credentials = uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
        return new BrokerAddress(uri.getHost(), port, secure,
                credentials.length > 0 ? decode(credentials[0]) : null,
                credentials.length > 1 ? decode(credentials[1]) : null);
    }

    private static String decode(String encoded) {
        return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Paho's form of the address. */
    String serverUri() {
        return (secure ? "ssl://" : "tcp://") + host + ":" + port;
    }

    @Override
    public String toString() {
        return (secure ? "mqtts://" : "mqtt://") + host + ":" + port;
    }
}
