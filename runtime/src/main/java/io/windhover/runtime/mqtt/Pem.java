// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.models.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Certificates and keys from PEM files; what is wrong with one is a reason to go into a sentence. */
final class Pem {
    private static final int LARGEST_FILE = 1 << 20;
    /** With the headers of an encrypted key, whose words and values may have a dash. */
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----((?:\\s*[\\w-]+:[^\\n]*\\n){0,8}[^-]*)-----END \\1-----");

    private static final String ENCRYPTED =
            "holds an encrypted key; decrypt it (openssl pkey -in FILE -out NEW), and let only Windhover's user read it";

    private static final String OF_OPENSSH =
            "holds a key in OpenSSH's own format; convert a copy (ssh-keygen -p -m PKCS8 -N '' -f COPY), and let only Windhover's user read it";

    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 4;

    private Pem() {}

    /** At least one. */
    static List<X509Certificate> certificates(Path file) throws LinkException {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(text(file));
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            while (blocks.find()) {
                if (blocks.group(1).endsWith("CERTIFICATE")) {
                    certificates.add((X509Certificate)
                            factory.generateCertificate(new ByteArrayInputStream(bytes(blocks.group(2)))));
                }
            }
        } catch (CertificateException | IllegalArgumentException damaged) {
            throw wrong(file, "holds a certificate that cannot be read; copy it again", damaged);
        }
        if (certificates.isEmpty()) {
            throw wrong(file, "holds no certificate; it needs '-----BEGIN CERTIFICATE-----' (PEM)", null);
        }
        return certificates;
    }

    /** The key of a certificate with this public key: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC). */
    static PrivateKey key(Path file, PublicKey publicKey) throws LinkException {
        Matcher blocks = BLOCK.matcher(text(file));
        while (blocks.find()) {
            String kind = blocks.group(1);
            if (kind.equals("ENCRYPTED PRIVATE KEY") || blocks.group(2).contains("ENCRYPTED")) {
                throw wrong(file, ENCRYPTED, null);
            }
            if (kind.equals("OPENSSH PRIVATE KEY")) {
                throw wrong(file, OF_OPENSSH, null);
            }
            if (kind.endsWith("PRIVATE KEY")) {
                return key(file, kind, blocks.group(2), publicKey);
            }
        }
        throw wrong(file, "holds no key; it needs '-----BEGIN PRIVATE KEY-----' (PEM)", null);
    }

    private static PrivateKey key(Path file, String kind, String body, PublicKey publicKey) throws LinkException {
        try {
            byte[] encoded = bytes(body);
            byte[] pkcs8 = kind.equals("PRIVATE KEY") ? encoded : wrap(encoded, publicKey);
            return KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException damaged) {
            throw wrong(
                    file,
                    "holds a key that cannot be read as one of the certificate's kind, " + publicKey.getAlgorithm()
                            + "; give the key that the certificate was made with",
                    damaged);
        }
    }

    /** A key as PKCS#8: version, the kind of key as the certificate's public key says it, and the key. */
    private static byte[] wrap(byte[] key, PublicKey publicKey) {
        ByteBuffer spki = ByteBuffer.wrap(publicKey.getEncoded());
        int skipped = spki.get(1) >= 0 ? 2 : 2 + (spki.get(1) & 0x7f);
        byte[] algorithm = new byte[2 + spki.get(skipped + 1)];
        spki.get(skipped, algorithm);
        byte[] octets = tagged(OCTET_STRING, key);
        return tagged(
                SEQUENCE,
                ByteBuffer.allocate(VERSION_0.length + algorithm.length + octets.length)
                        .put(VERSION_0)
                        .put(algorithm)
                        .put(octets)
                        .array());
    }

    /** The length in as few bytes as hold it, as DER wants. */
    private static byte[] tagged(int tag, byte[] content) {
        ByteBuffer der = ByteBuffer.allocate(4 + content.length).put((byte) tag);
        if (content.length < 0x80) {
            der.put((byte) content.length);
        } else if (content.length < 0x100) {
            der.put((byte) 0x81).put((byte) content.length);
        } else {
            der.put((byte) 0x82).putShort((short) content.length);
        }
        return Arrays.copyOf(der.put(content).array(), der.position());
    }

    private static byte[] bytes(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }

    private static String text(Path file) throws LinkException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw wrong(file, "is no file; give one", null);
        }
        try (InputStream input = Files.newInputStream(file)) {
            return new String(input.readNBytes(LARGEST_FILE), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw wrong(
                    file, "cannot be read (" + Reason.of(unreadable) + "); check the path and its rights", unreadable);
        }
    }

    static LinkException wrong(Path file, String what, @Nullable Exception cause) {
        return new LinkException(LinkException.Kind.INSECURE, "'" + file + "' " + what, cause);
    }
}
