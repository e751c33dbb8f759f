// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that asks for a password. */
@Timeout(120)
class CredentialsTest {
    private static final String PASSWORD = "o:p@n s3same";

    @TempDir
    Path folder;

    private Path raw;
    private Path users;

    @BeforeEach
    void write_files() throws Exception {
        raw = Files.write(folder.resolve("in.bin"), new byte[784]);
        byte[] salt = "salt of 12 b".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                .generateSecret(new PBEKeySpec(PASSWORD.toCharArray(), salt, 101, 512))
                .getEncoded();
        Base64.Encoder base64 = Base64.getEncoder();
        users = Files.writeString(
                folder.resolve("users"),
                "b@rd:$7$101$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash) + "\n");
    }

    private Cli run(String url, Map<String, String> environment, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "run", "zoo:lenet5", "--raw", raw.toString(), "--device", "reference:", "--mqtt", url, "--verbose"));
        arguments.addAll(List.of(more));
        return Cli.start(folder, environment, List.of(), arguments);
    }

    @Test
    void the_password_is_taken_from_a_file_or_the_environment_and_never_shown() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), PASSWORD + "\n");
        try (Mosquitto broker = new Mosquitto(folder, "password_file " + users, "allow_anonymous false")) {
            String url = "mqtt://b%40rd@127.0.0.1:" + broker.port();
            Cli fromFile = run(url, Map.of("WINDHOVER_MQTT_PASSWORD_FILE", file.toString()));
            assertEquals(0, fromFile.await(), fromFile.errors());
            Cli fromEnvironment = run(url, Map.of("WINDHOVER_MQTT_PASSWORD", PASSWORD));
            assertEquals(0, fromEnvironment.await(), fromEnvironment.errors());
            Cli wrong = run(url, Map.of("WINDHOVER_MQTT_PASSWORD", "n0t this"));
            assertEquals(1, wrong.await());
            assertTrue(
                    wrong.errors().contains("refuses the connection")
                            && wrong.errors().contains("check user and password"),
                    wrong.errors());
            assertFalse(wrong.errors().contains("n0t this"), wrong.errors());
            assertFalse(fromFile.errors().contains("s3same"), fromFile.errors());
        }
    }

    @Test
    void a_password_on_the_command_line_is_refused_and_not_repeated() throws Exception {
        Cli run = run("mqtt://bird:s3same@127.0.0.1:1", Map.of());
        assertEquals(1, run.await());
        assertTrue(run.errors().contains("WINDHOVER_MQTT_PASSWORD_FILE"), run.errors());
        assertFalse((run.errors() + run.output()).contains("s3same"), run.errors());
    }

    @Test
    void a_tls_broker_is_trusted_by_its_certificate_only() throws Exception {
        Path store = folder.resolve("store.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit");
        java.security.KeyStore keys = java.security.KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        Path key = pem(
                "PRIVATE KEY", keys.getKey("broker", "changeit".toCharArray()).getEncoded());
        Path certificate = pem("CERTIFICATE", keys.getCertificate("broker").getEncoded());
        Path trust = folder.resolve("trust.p12");
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "broker",
                "-file",
                certificate.toString(),
                "-storetype",
                "PKCS12",
                "-keystore",
                trust.toString(),
                "-storepass",
                "changeit");
        try (Mosquitto broker = new Mosquitto(folder, "certfile " + certificate, "keyfile " + key)) {
            List<String> arguments = List.of(
                    "run",
                    "zoo:lenet5",
                    "--raw",
                    raw.toString(),
                    "--device",
                    "reference:",
                    "--mqtt",
                    "mqtts://localhost:" + broker.port());
            Cli trusting = Cli.start(
                    folder,
                    Map.of(),
                    List.of("-Djavax.net.ssl.trustStore=" + trust, "-Djavax.net.ssl.trustStorePassword=changeit"),
                    arguments);
            assertEquals(0, trusting.await(), trusting.errors());
            Cli doubting = Cli.start(folder, arguments);
            assertEquals(1, doubting.await());
            assertTrue(doubting.errors().contains("certif"), doubting.errors());
        }
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private Path pem(String kind, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Path file = Files.writeString(
                folder.resolve(kind.replace(' ', '-') + ".pem"),
                "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
        return file;
    }
}
