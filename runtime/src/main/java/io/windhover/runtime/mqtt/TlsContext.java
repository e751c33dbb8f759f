// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes secure sockets from the files as they are now. */
final class TlsContext {
    private static final char[] NO_PASSWORD = {};
    private static final String RSA_PSS = "RSASSA-PSS";
    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private TlsContext() {}

    static SSLSocketFactory sockets(TlsFiles files, String host) throws LinkException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(files), new TrustManager[] {new BrokerTrust(strict(files.authorities()), host)}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException problem) {
            throw new LinkException(
                    LinkException.Kind.INSECURE, "TLS cannot be set up (" + problem.getMessage() + ")", problem);
        }
    }

    private static X509ExtendedTrustManager strict(@Nullable Path authorities)
            throws LinkException, GeneralSecurityException, IOException {
        KeyStore store = null;
        if (authorities != null) {
            store = empty();
            for (X509Certificate certificate : Pem.certificates(authorities)) {
                store.setCertificateEntry("authority-" + store.size(), certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("this Java has no X.509 trust manager"));
    }

    private static KeyManager @Nullable [] keys(TlsFiles files)
            throws LinkException, GeneralSecurityException, IOException {
        Path certificateFile = files.certificate();
        Path keyFile = files.key();
        if (certificateFile == null || keyFile == null) {
            return null;
        }
        List<X509Certificate> chain = Pem.certificates(certificateFile);
        String dates = BrokerTrust.dates(chain.get(0));
        if (dates != null) {
            throw Pem.wrong(certificateFile, "holds our certificate, which " + dates, null);
        }
        PublicKey publicKey = chain.get(0).getPublicKey();
        PrivateKey key = Pem.key(keyFile, publicKey);
        requireToBelong(keyFile, key, certificateFile, publicKey);
        KeyStore store = empty();
        store.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static void requireToBelong(Path keyFile, PrivateKey key, Path certificateFile, PublicKey publicKey)
            throws LinkException {
        try {
            if (!belong(key, publicKey)) {
                throw Pem.wrong(
                        keyFile,
                        "holds a key that does not belong to the certificate in '" + certificateFile
                                + "'; give the key that it was made with",
                        null);
            }
        } catch (GeneralSecurityException unusable) {
            throw Pem.wrong(
                    keyFile,
                    "holds a key that cannot be used with the certificate in '" + certificateFile + "' ("
                            + unusable.getMessage() + "); give the key that it was made with, of RSA or of EC (P-256)",
                    unusable);
        }
    }

    private static boolean belong(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        byte[] sample = new byte[32];
        new SecureRandom().nextBytes(sample);
        Signature signature = Signature.getInstance(algorithm);
        if (algorithm.equals(RSA_PSS) && publicKey instanceof RSAKey limited) {
            signature.setParameter(limited.getParams() == null ? PSS : limited.getParams());
        }
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(sample);
        return signature.verify(signed);
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
