// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.exception.WindhoverException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of other kinds than those of {@code TlsTest}. */
class TlsFilesTest {
    private static final BrokerAddress BROKER = BrokerAddress.parse("mqtts://broker.local");

    @TempDir
    Path folder;

    private TlsFiles own(String name, String... kind) throws Exception {
        Path certificate = folder.resolve(name + ".crt");
        Path key = folder.resolve(name + ".key");
        List<String> words = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-subj", "/CN=own"));
        words.addAll(List.of("-keyout", key.toString(), "-out", certificate.toString(), "-newkey"));
        words.addAll(List.of(kind));
        Process openssl = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assumptions.assumeTrue(openssl.waitFor() == 0, said);
        return new TlsFiles(null, certificate, key);
    }

    private static String refusal(TlsFiles files) {
        return assertThrows(WindhoverException.class, () -> files.check(BROKER)).getMessage();
    }

    @Test
    void a_key_for_signatures_of_rsa_pss_alone_is_taken() throws Exception {
        TlsFiles any = own("any", "rsa-pss");
        TlsFiles one = own(
                "one",
                "rsa-pss",
                "-pkeyopt",
                "rsa_pss_keygen_md:sha384",
                "-pkeyopt",
                "rsa_pss_keygen_mgf1_md:sha384",
                "-pkeyopt",
                "rsa_pss_keygen_saltlen:48");
        assertDoesNotThrow(() -> any.check(BROKER));
        assertDoesNotThrow(() -> one.check(BROKER));
        String message = refusal(new TlsFiles(null, any.certificate(), one.key()));
        assertEquals(
                "There is no secure connection to mqtts://broker.local:8883: '" + one.key()
                        + "' holds a key that cannot be used with the certificate in '" + any.certificate()
                        + "' (Key contains incompatible PSS parameter values); give the key that it was made with,"
                        + " of RSA or of EC (P-256).",
                message);
    }

    @Test
    void a_key_that_java_has_no_signatures_of_is_named() throws Exception {
        TlsFiles own = own("own", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1");
        String message = refusal(own);
        assertTrue(
                message.contains("'" + own.key() + "' holds a key that cannot be used with the certificate in '"),
                message);
        assertTrue(message.endsWith("; give the key that it was made with, of RSA or of EC (P-256)."), message);
    }

    @Test
    void a_key_of_openssh_is_refused_with_the_way_to_convert_it() throws Exception {
        TlsFiles own = own("own", "rsa:2048");
        Path key = Files.writeString(
                folder.resolve("id_rsa"),
                "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n");
        assertEquals(
                "There is no secure connection to mqtts://broker.local:8883: '" + key
                        + "' holds a key in OpenSSH's own format; convert a copy (ssh-keygen -p -m PKCS8 -N '' -f COPY),"
                        + " and let only Windhover's user read it.",
                refusal(new TlsFiles(null, own.certificate(), key)));
    }
}
