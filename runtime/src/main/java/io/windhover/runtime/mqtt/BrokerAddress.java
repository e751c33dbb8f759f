// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.runtime.exception.WindhoverException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a broker is and who we are to it. Its text never shows the password.
 *
 * @param secure TLS, verified against the machine's certificates
 * @param password null when there is none
 */
public record BrokerAddress(
        String host,
        int port,
        boolean secure,
        @Nullable String user,
        @Nullable String password) {
    private static final int PLAIN_PORT = 1883;
    private static final int SECURE_PORT = 8883;
    private static final int LAST_PORT = 65_535;
    /** Whatever stands before the last '@' is the user's, so that no part of a password is taken for a host. */
    private static final Pattern FORM = Pattern.compile(
            "(?<scheme>[^:/@]*)://(?:(?<user>.*)@)?(?<host>\\[[^\\]]*\\]|[^:/@]*)(?::(?<port>[0-9]*))?/?",
            Pattern.DOTALL);

    private static final Pattern WITH_PATH = Pattern.compile("[^:/@]*://(?:.*@)?[^/@]+/[^@]+", Pattern.DOTALL);
    private static final Pattern HOST = Pattern.compile("\\[[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?\\]|[A-Za-z0-9._-]+");
    /** Half a pair of surrogates: no encoding has bytes for it. */
    private static final String NO_CHARACTER = "\\p{Cs}";
    /** What MQTT forbids in text, or lets a broker close the connection for. */
    private static final String UNCARRIED = "[\\p{Cc}\\p{Cs}\\x{FDD0}-\\x{FDEF}\\x{FFFE}\\x{FFFF}\\x{1FFFE}\\x{1FFFF}]";

    private static final int LONGEST_BYTES = 65_535;
    private static final String EXPECTED = "; write mqtt://HOST[:PORT] or mqtts://[USER@]HOST[:PORT].";

    public BrokerAddress {
        if (user != null) {
            String unused = requireUser(user);
        }
        if (password != null) {
            String unused = requirePassword(password);
        }
    }

    /** The name, which some brokers take a token for, where MQTT can carry it; no message repeats it. */
    public static String requireUser(String user) {
        require("The broker's user", user, UNCARRIED, "a control character or one");
        return user;
    }

    /** The password, where MQTT can carry it; no message repeats it. */
    public static String requirePassword(String password) {
        require("The broker's password", password, NO_CHARACTER, "a character");
        return password;
    }

    private static void require(String what, String text, String forbidden, String which) {
        if (Pattern.compile(forbidden).matcher(text).find()) {
            throw new WindhoverException(
                    what + " has " + which + " that Unicode does not have, which MQTT cannot carry; give another one.");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
            throw new WindhoverException(
                    what + " is longer than the " + LONGEST_BYTES + " bytes that MQTT can carry; give a shorter one.");
        }
    }

    /**
     * Reads {@code mqtt://}, {@code tcp://}, {@code mqtts://} or {@code ssl://}. No message and no cause repeats the
     * text.
     */
    public static BrokerAddress parse(String url) {
        Matcher parts = FORM.matcher(url);
        if (WITH_PATH.matcher(url).matches()) {
            throw new WindhoverException("The broker's address has a path, but a broker has none" + EXPECTED);
        }
        if (!parts.matches()) {
            throw new WindhoverException("The broker's address cannot be read" + EXPECTED);
        }
        String scheme = parts.group("scheme").toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("mqtts") || scheme.equals("ssl");
        if (!secure && !scheme.equals("mqtt") && !scheme.equals("tcp")) {
            throw new WindhoverException("The broker's address has an unknown scheme" + EXPECTED);
        }
        String user = parts.group("user");
        if (user != null && user.indexOf(':') >= 0) {
            throw new WindhoverException(
                    "The broker's address holds a password, which everyone on this machine can read; put it into a file, and name that for a service in its mqtt.password, else in "
                            + Passwords.FILE_VARIABLE + ".");
        }
        String host = parts.group("host");
        if (!HOST.matcher(host).matches()) {
            throw new WindhoverException("The broker's address names no host" + EXPECTED);
        }
        return new BrokerAddress(
                host, port(parts.group("port"), secure), secure, user == null ? null : decode(user), null);
    }

    private static int port(@Nullable String digits, boolean secure) {
        if (digits == null) {
            return secure ? SECURE_PORT : PLAIN_PORT;
        }
        int port = digits.isEmpty() || digits.length() > 5 ? 0 : Integer.parseInt(digits);
        if (port < 1 || port > LAST_PORT) {
            throw new WindhoverException("The broker's address has a port that is not 1 to " + LAST_PORT + EXPECTED);
        }
        return port;
    }

    /** True when what is said to it stays on this machine, as far as its name tells. */
    public boolean isLoopback() {
        return host.equalsIgnoreCase("localhost") || host.matches("127(\\.[0-9]{1,3}){3}") || host.equals("[::1]");
    }

    /** The same with a password, or without one. */
    public BrokerAddress withPassword(@Nullable String newPassword) {
        return new BrokerAddress(host, port, secure, user, newPassword);
    }

    private static String decode(String encoded) {
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException problem) {
            throw new WindhoverException(
                    "The user in the broker's address has a '%' that no two hexadecimal digits follow; write %25 for '%'.");
        }
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
