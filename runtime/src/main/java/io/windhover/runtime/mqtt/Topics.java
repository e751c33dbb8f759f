package io.windhover.runtime.mqtt;

import io.windhover.runtime.WindhoverException;

/**
 * Where messages go: {@code PREFIX/NODE/...}.
 *
 * @param prefix one or more levels, the same for all nodes
 * @param node   one level, different on every machine
 */
public record Topics(String prefix, String node) {
    public static final String DEFAULT_PREFIX = "windhover";

    public Topics {
        requireLevels("prefix", prefix, true);
        requireLevels("node", node, false);
    }

    private static void requireLevels(String what, String value, boolean several) {
        boolean bad = value.isBlank() || value.length() > 200 || value.startsWith("/") || value.endsWith("/") || value.startsWith("$")
                || value.chars().anyMatch(character -> character == '#' || character == '+' || character < ' ')
                || (!several && value.indexOf('/') >= 0);
        if (bad) {
            throw new WindhoverException("The MQTT " + what + " '" + value + "' cannot be part of a topic; use letters, digits, '-' and '_'.");
        }
    }

    /** Retained: online, stopped or offline. */
    public String available() {
        return topic("available");
    }

    /** One message a frame, not retained. */
    public String classification(String stream) {
        return topic(requireStream(stream) + "/classification");
    }

    /** The last classification, retained. */
    public String state(String stream) {
        return topic(requireStream(stream) + "/state");
    }

    /** Retained health of the accelerator. */
    public String acceleratorStatus() {
        return topic("status/accelerator");
    }

    /** Retained health of a stream. */
    public String streamStatus(String stream) {
        return topic("status/" + requireStream(stream));
    }

    /** Counters, once a minute. */
    public String statistics() {
        return topic("stats");
    }

    private static String requireStream(String stream) {
        requireLevels("stream", stream, false);
        return stream;
    }

    private String topic(String rest) {
        return prefix + "/" + node + "/" + rest;
    }
}
