// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.runtime.exception.WindhoverException;
import java.util.Set;

/**
 * Where messages go: {@code PREFIX/NODE/...}.
 *
 * @param prefix one or more levels, the same for all nodes
 * @param node one level, different on every machine
 */
public record Topics(String prefix, String node) {
    public static final String DEFAULT_PREFIX = "windhover";

    private static final int LONGEST_PREFIX = 200;
    private static final int LONGEST_LEVEL = 64;
    private static final int LONGEST_ANSWER_TOPIC = 1000;
    /** The levels of ours that a user's level could be mistaken for, those of the conventions' later parts included. */
    private static final Set<String> RESERVED = Set.of(
            "available",
            "status",
            "accelerator",
            "stats",
            "classification",
            "detections",
            "output",
            "state",
            "set",
            "settings",
            "infer",
            "answer",
            "config",
            "snapshot");

    public Topics {
        if (prefix.length() > LONGEST_PREFIX) {
            throw new WindhoverException(
                    "The MQTT prefix is longer than " + LONGEST_PREFIX + " characters; choose a shorter one.");
        }
        for (String level : prefix.split("/", -1)) {
            requireLevel("prefix", level);
        }
        requireLevel("node", node);
    }

    /** A level of the user's own: no wildcard, nothing invisible, and none of our names. */
    private static void requireLevel(String what, String level) {
        String wrong = null;
        if (level.isBlank() || !level.strip().equals(level)) {
            wrong = "has a level that is empty or begins or ends with a space";
        } else if (level.length() > LONGEST_LEVEL) {
            wrong = "has a level longer than " + LONGEST_LEVEL + " characters";
        } else if (level.startsWith("$")) {
            wrong = "has a level that begins with '$', as only a broker's own do";
        } else if (level.codePoints().anyMatch(Topics::isForbidden)) {
            wrong = "has a '+', a '#', a '/' where none may be, or a character that cannot be seen";
        } else if (level.equals(".") || level.equals("..")) {
            wrong = "has a level '" + level + "', which no web address can hold";
        } else if (RESERVED.contains(level)) {
            wrong = "has a level '" + level + "', which Windhover's own topics use";
        }
        if (wrong != null) {
            throw new WindhoverException(
                    "The MQTT " + what + " " + wrong + "; choose another name, such as letters, digits, '-' and '_'.");
        }
    }

    private static boolean isForbidden(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> character == '/' || character == '#' || character == '+';
        };
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

    /** One message a frame of a model that finds things, not retained. */
    public String detections(String stream) {
        return topic(requireStream(stream) + "/detections");
    }

    /** One message a frame of a model that neither classifies nor finds things, not retained. */
    public String output(String stream) {
        return topic(requireStream(stream) + "/output");
    }

    /** Commands for a stream. */
    public String set(String stream) {
        return topic(requireStream(stream) + "/set");
    }

    /** What a stream was told last, retained: the answer to a command. */
    public String settings(String stream) {
        return topic(requireStream(stream) + "/settings");
    }

    /** Requests for a stream of this node. */
    public String infer(String stream) {
        return topic(requireStream(stream) + "/infer");
    }

    /** Where answers go whose request names no topic. */
    public String answer(String stream) {
        return topic(requireStream(stream) + "/answer");
    }

    /** Requests that a group of nodes shares; clients publish here. */
    public String sharedInfer(String group) {
        requireLevel("group", group);
        return prefix + "/infer/" + group;
    }

    /** Subscribed to by each node of the group, so that one of them gets each request. */
    public String sharedInferFilter(String group) {
        return "$share/" + group + "/" + sharedInfer(group);
    }

    /** A topic that a stranger wants an answer at: no wildcard, not a broker's own, and none that Windhover uses. */
    public String requireAnswerTopic(String topic) {
        String wrong = null;
        if (topic.isEmpty() || topic.length() > LONGEST_ANSWER_TOPIC) {
            wrong = "has " + topic.length() + " characters, not 1 to " + LONGEST_ANSWER_TOPIC;
        } else if (topic.startsWith("$")) {
            wrong = "begins with '$', as only a broker's own do";
        } else if (topic.codePoints().anyMatch(character -> character != '/' && isForbidden(character))) {
            wrong = "has a '+', a '#' or a character that cannot be seen";
        } else if (topic.startsWith(prefix + "/") && !topic.endsWith("/answer")) {
            wrong = "is one of Windhover's own, of which only those that end in '/answer' may be answered at";
        }
        if (wrong != null) {
            throw new WindhoverException("The topic for the answer " + wrong + "; choose another one.");
        }
        return topic;
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

    /** The name, where it can be a level of a topic. */
    public static String requireStream(String stream) {
        requireLevel("stream", stream);
        return stream;
    }

    private String topic(String rest) {
        return prefix + "/" + node + "/" + rest;
    }
}
