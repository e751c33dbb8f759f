// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.io.EOFException;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.packet.MqttConnAck;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPubAck;
import org.jspecify.annotations.Nullable;

/** What Paho's exceptions mean. */
final class PahoFailures {
    static final int NOT_AUTHORISED = 0x87;

    private static final int BAD_CREDENTIALS = 0x86;
    private static final int BANNED = 0x8A;
    private static final int LEGACY_BAD_CREDENTIALS = 4;
    private static final int LEGACY_NOT_AUTHORISED = 5;
    private static final int UNSUPPORTED_VERSION = 0x84;
    private static final int QUOTA_EXCEEDED = 0x97;
    private static final int RETAIN_NOT_SUPPORTED = 0x9A;
    private static final String NO_RETAINED_MESSAGES = "no retained messages (mosquitto's retain_available)";
    private static final String NO_MQTT_5 = "no MQTT 5";
    private static final String NO_QOS_1 = "no QoS 1 (mosquitto's max_qos)";
    private static final int LONGEST_REASON = 200;
    /** The JDK's words for a write after the broker's alert has ended TLS, where the alert was not seen first. */
    private static final String ENDED_BY_ALERT = "Socket is closed";
    /** The system's words where the alert was not seen at all. */
    private static final Set<String> CUT_OFF = Set.of("Broken pipe", "Connection reset");

    private PahoFailures() {}

    /** A failed attempt to connect, whatever was thrown. */
    static LinkException connecting(Exception problem, BrokerAddress broker) {
        if (problem instanceof LinkException known) {
            return known;
        }
        return problem instanceof MqttException said
                ? connecting(said, broker)
                : new LinkException(LinkException.Kind.UNREACHABLE, String.valueOf(problem.getMessage()), problem);
    }

    /** A failed attempt to connect. */
    static LinkException connecting(MqttException problem, BrokerAddress broker) {
        Throwable last = innermost(problem);
        if (last instanceof CertificateException) {
            return new LinkException(LinkException.Kind.INSECURE, String.valueOf(last.getMessage()), problem);
        }
        if (broker.secure() && isOfTls(problem)) {
            return new LinkException(
                    LinkException.Kind.INSECURE,
                    "the TLS handshake failed (" + reason(problem)
                            + "); check that this port speaks TLS, and which certificates the broker wants of us",
                    problem);
        }
        if (broker.secure() && CUT_OFF.contains(String.valueOf(last.getMessage()))) {
            // A broker that ends TLS, or that is ending itself; the next attempt may tell which.
            return new LinkException(
                    LinkException.Kind.UNREACHABLE,
                    reason(problem)
                            + ", as where this port speaks no TLS or the broker does not accept our certificate",
                    problem);
        }
        if (isUnreadable(problem, MqttConnAck.class)) {
            // Paho lacks "QoS not supported" (0x9B), and 1, as a broker of MQTT 3.1.1 says; it does not tell which
            // came.
            return new LinkException(LinkException.Kind.UNSUITABLE, NO_QOS_1 + ", or no MQTT 5", problem);
        }
        if (problem.getReasonCode() == UNSUPPORTED_VERSION || lacksProperties(last)) {
            return new LinkException(LinkException.Kind.UNSUITABLE, NO_MQTT_5, problem);
        }
        return problem.getReasonCode() == RETAIN_NOT_SUPPORTED
                ? new LinkException(LinkException.Kind.UNSUITABLE, NO_RETAINED_MESSAGES, problem)
                : new LinkException(kind(problem), reason(problem), problem);
    }

    /** Whether Paho does not know the reason code in such a packet. */
    private static boolean isUnreadable(MqttException problem, Class<?> packet) {
        return problem.getReasonCode() == MqttException.REASON_CODE_INVALID_RETURN_CODE && isFrom(problem, packet);
    }

    /** A packet is taken from the connection as a whole: where the answer ends too early, MQTT 3.1.1 made it. */
    private static boolean lacksProperties(Throwable problem) {
        return problem instanceof EOFException && isFrom(problem, MqttConnAck.class);
    }

    private static boolean isFrom(Throwable problem, Class<?> packet) {
        return Arrays.stream(problem.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(packet.getName()));
    }

    /** Throws where a broker that took the connection says that it does not allow what is published over it. */
    static void requireSuitable(@Nullable MqttProperties answer) throws LinkException {
        Integer maximumQos = answer == null ? null : answer.getMaximumQoS();
        if (maximumQos != null && maximumQos < 1) {
            throw new LinkException(LinkException.Kind.UNSUITABLE, NO_QOS_1);
        }
        if (answer != null && !answer.isRetainAvailable()) {
            throw new LinkException(LinkException.Kind.UNSUITABLE, NO_RETAINED_MESSAGES);
        }
    }

    private static boolean isOfTls(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            boolean ended = cause instanceof SocketException && ENDED_BY_ALERT.equals(cause.getMessage());
            if (cause instanceof SSLException || ended) {
                return true;
            }
        }
        return false;
    }

    private static LinkException.Kind kind(MqttException problem) {
        return switch (problem.getReasonCode()) {
            case NOT_AUTHORISED, BAD_CREDENTIALS, BANNED, LEGACY_BAD_CREDENTIALS, LEGACY_NOT_AUTHORISED ->
                LinkException.Kind.REFUSED;
            default -> LinkException.Kind.UNREACHABLE;
        };
    }

    /** The innermost cause's own words, which say more than Paho's "MqttException". */
    static String reason(MqttException problem) {
        Throwable innermost = innermost(problem);
        if (innermost instanceof EOFException) {
            return "the broker closed the connection";
        }
        String words = innermost.getMessage();
        return words == null || words.isBlank() || words.equals("MqttException")
                ? innermost.getClass().getSimpleName() + ", code " + problem.getReasonCode()
                : printable(words);
    }

    /** A link that ended so. */
    static Link.Loss loss(MqttException problem) {
        return new Link.Loss(reason(problem), isUnreadable(problem, MqttPubAck.class));
    }

    static Throwable innermost(Throwable problem) {
        Throwable innermost = problem;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        return innermost;
    }

    /** Words of a broker's on one line of bounded length. */
    static String printable(String words) {
        String line = words.length() > LONGEST_REASON ? words.substring(0, LONGEST_REASON) + "..." : words;
        return line.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }

    /** A reason code from an acknowledgement. */
    static String refusal(int code) {
        return switch (code) {
            case NOT_AUTHORISED -> "not authorised";
            case QUOTA_EXCEEDED -> "quota exceeded";
            default -> String.format("reason code 0x%02x", code);
        };
    }
}
