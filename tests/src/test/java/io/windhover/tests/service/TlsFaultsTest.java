// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.tests.mqtt.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Certificates that are wrong, on either side. */
class TlsFaultsTest extends Bench {
    private Certificates certificates;
    private int securePort;

    @BeforeEach
    void an_authority() throws Exception {
        certificates = new Certificates(folder);
        certificates.authority("authority");
    }

    /** A broker with a second port, with TLS, for the node. */
    private void startSecureBroker(String certificate, String... more) throws Exception {
        securePort = Node.freePort();
        List<String> settings = new ArrayList<>(List.of(
                "listener " + securePort + " 127.0.0.1",
                "certfile " + certificates.certificate(certificate),
                "keyfile " + certificates.key(certificate)));
        settings.addAll(List.of(more));
        startBroker(settings.toArray(String[]::new));
    }

    private String secure(Path authorities, String more) {
        return LENET + streams(CAMERA) + "mqtt: {url: \"mqtts://localhost:" + securePort + "\", tls: {authorities: \""
                + authorities + "\"" + more + "}}\n";
    }

    /** It runs, says each of these words in one line, and that once. */
    private void requireSaid(String... words) throws Exception {
        node().untilFrames(100);
        String line = node().errors()
                .lines()
                .filter(said -> said.contains("There is no secure connection"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(readErrors()));
        for (String word : words) {
            assertTrue(line.contains(word), word + " in " + line);
        }
        assertEquals(1, node().said("There is no secure connection"), readErrors());
        assertTrue(Node.broker(node().state()).get("waiting").getAsLong() > 50);
    }

    private String readErrors() {
        try {
            return node().errors();
        } catch (java.io.IOException unreadable) {
            return unreadable.toString();
        }
    }

    /** All is delivered once this configuration is used. */
    private void requireRecovery(String yaml, Outcome outcome) throws Exception {
        node().reload(yaml);
        long millis = node().untilConnected();
        assertTrue(millis < 5000, "after " + millis);
        requireAllInOrder();
        node().requireCalm(CALM, "BEGIN");
        outcome.measured(
                "said once, with what is wrong; all %d results delivered after it was put right",
                listener().results());
    }

    @Test
    @Fault(value = "the broker's certificate has expired", must = "refuse it, say when and what our clock says, run on")
    void expired(Outcome outcome) throws Exception {
        certificates.issue("authority", "broker", "DNS:localhost", -1);
        startSecureBroker("broker");
        start(secure(certificates.certificate("authority"), ""));
        requireSaid("expired at", "clock says");
        requireRecovery(camera(broker().port()), outcome);
    }

    @Test
    @Fault(value = "the broker's certificate is for another host", must = "refuse it, say for whom, run on")
    void other_host(Outcome outcome) throws Exception {
        certificates.issue("authority", "elsewhere", "DNS:broker.example", 30);
        startSecureBroker("elsewhere");
        start(secure(certificates.certificate("authority"), ""));
        requireSaid("is not for localhost");
        requireRecovery(camera(broker().port()), outcome);
    }

    @Test
    @Fault(
            value = "the broker's certificate is of an unknown issuer",
            must = "refuse it, say of whom, run on; trust it once told so")
    void unknown_issuer(Outcome outcome) throws Exception {
        certificates.issue("authority", "broker", "DNS:localhost", 30);
        certificates.authority("stranger");
        startSecureBroker("broker");
        start(secure(certificates.certificate("stranger"), ""));
        requireSaid("issued by 'CN=authority'", "not trusted");
        requireRecovery(secure(certificates.certificate("authority"), ""), outcome);
    }

    private String[] wantingCertificates() {
        return new String[] {"cafile " + certificates.certificate("authority"), "require_certificate true"};
    }

    @Test
    @Fault(value = "the broker wants a certificate of ours and we have none", must = "say so, run on; deliver with one")
    void no_certificate(Outcome outcome) throws Exception {
        certificates.issue("authority", "broker", "DNS:localhost", 30);
        certificates.issue("authority", "own", "DNS:own", 30);
        startSecureBroker("broker", wantingCertificates());
        start(secure(certificates.certificate("authority"), ""));
        requireSaid("which certificates the broker wants");
        requireRecovery(
                secure(
                        certificates.certificate("authority"),
                        ", certificate: \"" + certificates.certificate("own") + "\", key: \"" + certificates.key("own")
                                + "\""),
                outcome);
    }

    @Test
    @Fault(value = "our certificate's file is missing", must = "say which, run on; deliver once it is there and read")
    void missing_file(Outcome outcome) throws Exception {
        certificates.issue("authority", "broker", "DNS:localhost", 30);
        startSecureBroker("broker");
        start(secure(folder.resolve("absent.crt"), ""));
        requireSaid("absent.crt", "it is not there");
        requireRecovery(secure(certificates.certificate("authority"), ""), outcome);
    }

    @Test
    @Tag("full")
    @Fault(
            value = "our certificate has expired, and its files are replaced without a restart",
            must = "say when it expired; connect by itself within 35 s, lose nothing")
    void replaced(Outcome outcome) throws Exception {
        certificates.issue("authority", "broker", "DNS:localhost", 30);
        certificates.issue("authority", "old", "DNS:own", -1);
        certificates.issue("authority", "new", "DNS:own", 30);
        Path own = Files.copy(certificates.certificate("old"), folder.resolve("own.crt"));
        Path key = Files.copy(certificates.key("old"), folder.resolve("own.key"));
        startSecureBroker("broker", wantingCertificates());
        Node node = start(
                secure(certificates.certificate("authority"), ", certificate: \"" + own + "\", key: \"" + key + "\""));
        requireSaid("our certificate, which expired at");
        Files.copy(certificates.key("new"), key, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(certificates.certificate("new"), own, StandardCopyOption.REPLACE_EXISTING);
        long millis = node.until(
                "connected", state -> Node.broker(state).get("connected").getAsBoolean(), Duration.ofSeconds(35));
        requireAllInOrder();
        node.requireCalm(CALM, "BEGIN");
        outcome.measured("connected %.1f s after they were replaced; none lost", millis / 1e3);
    }
}
