// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.Publisher;
import io.windhover.runtime.mqtt.PublisherSettings;
import io.windhover.runtime.mqtt.TlsFiles;
import io.windhover.runtime.mqtt.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secure connections to a real broker, and every way in which there is none. */
@Timeout(120)
class TlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private Certificates certificates;

    @BeforeEach
    void an_authority() throws Exception {
        certificates = new Certificates(folder);
        certificates.authority("authority");
        certificates.issue("authority", "broker", "DNS:localhost,IP:127.0.0.1", 30);
    }

    private Mosquitto broker(String certificate, String... more) throws Exception {
        String[] settings = new String[2 + more.length];
        settings[0] = "certfile " + certificates.certificate(certificate);
        settings[1] = "keyfile " + certificates.key(certificate);
        System.arraycopy(more, 0, settings, 2, more.length);
        return new Mosquitto(folder, settings);
    }

    private String[] wantingCertificates() {
        return new String[] {
            "cafile " + certificates.certificate("authority"),
            "require_certificate true",
            "use_identity_as_username true"
        };
    }

    private static PublisherSettings settings(int port, String host, TlsFiles files) {
        return PublisherSettings.guest(new BrokerAddress(host, port, true, null, null), new Topics("windhover", "tls"))
                .withTimes(Duration.ofSeconds(5), Duration.ofMillis(200))
                .withDelivery(PATIENCE)
                .withTls(files);
    }

    private static void deliver(Mosquitto broker, TlsFiles files) {
        try (Publisher publisher = Publisher.connect(settings(broker.port(), "localhost", files))) {
            publisher.publish("a", new byte[1], false);
            assertTrue(publisher.flush(PATIENCE));
        }
    }

    private static String refusal(Mosquitto broker, String host, TlsFiles files) {
        return refusal(broker.port(), host, files);
    }

    private static String refusal(int port, String host, TlsFiles files) {
        String sentence = assertThrows(WindhoverException.class, () -> Publisher.connect(settings(port, host, files)))
                .getMessage();
        assertTrue(sentence.startsWith("There is no secure connection to mqtts://"), sentence);
        assertFalse(sentence.contains("\n"), sentence);
        System.out.println("# " + sentence);
        return sentence;
    }

    private TlsFiles authority(String name) {
        return new TlsFiles(certificates.certificate(name), null, null);
    }

    private TlsFiles identity(@Nullable String certificate, @Nullable String key) {
        return new TlsFiles(
                certificates.certificate("authority"),
                certificate == null ? null : certificates.certificate(certificate),
                key == null ? null : certificates.key(key));
    }

    private static void says(String sentence, String... parts) {
        for (String part : parts) {
            assertTrue(sentence.contains(part), part + " in: " + sentence);
        }
    }

    @Test
    void a_trusted_broker_gets_messages() throws Exception {
        try (Mosquitto broker = broker("broker")) {
            deliver(broker, authority("authority"));
        }
    }

    @Test
    void an_unknown_issuer_is_refused() throws Exception {
        certificates.authority("stranger");
        try (Mosquitto broker = broker("broker")) {
            says(
                    refusal(broker, "localhost", authority("stranger")),
                    "'CN=broker'",
                    "issued by 'CN=authority'",
                    "not trusted");
            says(refusal(broker, "localhost", TlsFiles.NONE), "issued by 'CN=authority'", "not trusted");
        }
    }

    @Test
    void another_hosts_certificate_is_refused() throws Exception {
        certificates.issue("authority", "elsewhere", "DNS:broker.example", 30);
        try (Mosquitto broker = broker("elsewhere")) {
            says(refusal(broker, "localhost", authority("authority")), "'CN=elsewhere'", "is not for localhost");
            says(refusal(broker, "127.0.0.1", authority("authority")), "is not for 127.0.0.1");
        }
    }

    @Test
    void an_expired_certificate_is_refused_with_dates() throws Exception {
        certificates.issue("authority", "expired", "DNS:localhost", -1);
        String today = LocalDate.now(ZoneOffset.UTC).toString();
        try (Mosquitto broker = broker("expired")) {
            says(
                    refusal(broker, "localhost", authority("authority")),
                    "expired at " + LocalDate.now(ZoneOffset.UTC).minusDays(1),
                    "clock says " + today);
            says(refusal(broker, "localhost", authority("expired")), "expired at");
        }
    }

    @Test
    void a_port_without_tls_is_refused() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> greet(plain));
            server.setDaemon(true);
            server.start();
            says(
                    refusal(plain.getLocalPort(), "localhost", authority("authority")),
                    "TLS handshake failed",
                    "check that this port");
        }
    }

    private static void greet(ServerSocket plain) {
        try (Socket client = plain.accept()) {
            client.getInputStream().read();
            client.getOutputStream().write("220 this is another service\r\n".getBytes(StandardCharsets.US_ASCII));
            Thread.sleep(1000);
        } catch (IOException | InterruptedException ended) {
            return;
        }
    }

    @Test
    void a_broker_that_wants_a_certificate_gets_it() throws Exception {
        certificates.issue("authority", "rsa", "DNS:rsa", 30);
        certificates.issue("authority", "ec", "DNS:ec", 30, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        certificates
                .openssl("rsa", "-in", certificates.key("rsa").toString(), "-traditional")
                .with("-out", certificates.key("pkcs1").toString())
                .run();
        certificates
                .openssl("ec", "-in", certificates.key("ec").toString())
                .with("-out", certificates.key("sec1").toString())
                .run();
        says(Files.readString(certificates.key("pkcs1")), "BEGIN RSA PRIVATE KEY");
        says(Files.readString(certificates.key("sec1")), "BEGIN EC PRIVATE KEY");
        try (Mosquitto broker = broker("broker", wantingCertificates())) {
            deliver(broker, identity("rsa", "rsa"));
            deliver(broker, identity("rsa", "pkcs1"));
            deliver(broker, identity("ec", "ec"));
            deliver(broker, identity("ec", "sec1"));
            says(refusal(broker, "localhost", authority("authority")), "which certificates the broker wants of us");
        }
    }

    @Test
    void our_own_files_are_checked_before_the_broker_is_asked() throws Exception {
        certificates.issue("authority", "own", "DNS:own", 30);
        certificates.issue("authority", "other", "DNS:other", 30);
        certificates.issue("authority", "old", "DNS:old", -1);
        certificates
                .openssl("rsa", "-in", certificates.key("own").toString(), "-aes128", "-passout", "pass:secret")
                .with("-out", certificates.key("encrypted").toString())
                .run();
        certificates.issue("authority", "ec", "DNS:ec", 30, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        encryptAsBefore("own", "rsa", "-traditional");
        encryptAsBefore("ec", "ec");
        Files.writeString(
                certificates.certificate("damaged"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Files.writeString(
                certificates.key("damaged"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        Files.writeString(certificates.certificate("empty"), "nothing\n");
        try (Mosquitto broker = broker("broker")) {
            says(refusal(broker, "localhost", identity("own", "other")), "other.key", "does not belong");
            says(refusal(broker, "localhost", identity("old", "old")), "our certificate, which expired at");
            for (String key : List.of("encrypted", "own-encrypted", "ec-encrypted")) {
                String certificate = key.startsWith("ec") ? "ec" : "own";
                says(
                        refusal(broker, "localhost", identity(certificate, key)),
                        key + ".key' holds an encrypted key; decrypt it (openssl pkey");
            }
            says(refusal(broker, "localhost", identity("damaged", "own")), "damaged.crt", "cannot be read");
            says(refusal(broker, "localhost", identity("own", "damaged")), "damaged.key", "cannot be read");
            says(refusal(broker, "localhost", identity("empty", "own")), "empty.crt", "holds no certificate");
            says(refusal(broker, "localhost", identity("own", "absent")), "absent.key", "it is not there");
            says(refusal(broker, "localhost", authority("absent")), "absent.crt", "it is not there");
        }
    }

    /** PKCS#1 or SEC 1 with the headers of RFC 1421. */
    private void encryptAsBefore(String name, String kind, String... more) throws Exception {
        Path key = certificates.key(name + "-encrypted");
        certificates
                .openssl(kind, "-in", certificates.key(name).toString(), "-aes128", "-passout", "pass:secret")
                .with("-out", key.toString())
                .with(more)
                .run();
        says(Files.readString(key), "Proc-Type: 4,ENCRYPTED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorities", "identity"})
    void files_are_replaced_without_a_restart(String which) throws Exception {
        certificates.authority("stranger");
        certificates.issue("authority", "old", "DNS:own", -1);
        certificates.issue("authority", "new", "DNS:own", 30);
        Path trusted = copy(certificates.certificate(which.equals("identity") ? "authority" : "stranger"), "trusted");
        Path own = copy(certificates.certificate(which.equals("identity") ? "old" : "new"), "own.crt");
        Path key = copy(certificates.key(which.equals("identity") ? "old" : "new"), "own.key");
        try (Mosquitto broker = broker("broker", wantingCertificates());
                Publisher publisher =
                        Publisher.start(settings(broker.port(), "localhost", new TlsFiles(trusted, own, key)))) {
            publisher.publish("a", new byte[1], false);
            assertFalse(publisher.flush(Duration.ofSeconds(1)));
            copy(certificates.key("new"), "own.key");
            copy(certificates.certificate("new"), "own.crt");
            copy(certificates.certificate("authority"), "trusted");
            assertTrue(publisher.flush(PATIENCE));
        }
    }

    private Path copy(Path from, String name) throws Exception {
        return Files.copy(from, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
}
