// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts whom the JDK's trust manager trusts, and says in words why it does not. */
final class BrokerTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager strict;
    private final String host;

    BrokerTrust(X509ExtendedTrustManager strict, String host) {
        this.strict = strict;
        this.host = host;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        try {
            strict.checkServerTrusted(chain, authType, socket);
            chain[0].checkValidity();
        } catch (CertificateException refusal) {
            throw new CertificateException(words(chain, authType, refusal));
        }
    }

    private String words(X509Certificate[] chain, String authType, CertificateException refusal) {
        for (X509Certificate certificate : chain) {
            String dates = dates(certificate);
            if (dates != null) {
                return "the broker's certificate '" + name(certificate) + "' " + dates;
            }
        }
        try {
            strict.checkServerTrusted(chain, authType);
            return "the broker's certificate '" + name(chain[0]) + "' is not for " + host
                    + "; use the name that it was made for, or have it made for this one";
        } catch (CertificateException unknown) {
            return "the broker's certificate '" + name(chain[0]) + "' was issued by '"
                    + PahoFailures.printable(
                            chain[chain.length - 1].getIssuerX500Principal().getName())
                    + "', which is not trusted ("
                    + PahoFailures.innermost(refusal).getMessage()
                    + "); name the file with its authority's certificate";
        }
    }

    /** Why the certificate is not valid now; null where it is. */
    static @Nullable String dates(X509Certificate certificate) {
        Instant now = Instant.now();
        Instant first = certificate.getNotBefore().toInstant();
        Instant last = certificate.getNotAfter().toInstant();
        if (now.isAfter(last)) {
            return "expired at " + last + ", and this machine's clock says " + today() + "; renew it, or set the clock";
        }
        if (now.isBefore(first)) {
            return "is valid from " + first + " on, and this machine's clock says " + today() + "; set the clock";
        }
        return null;
    }

    /** Not the time, so that the sentence stays the same and is said once. */
    private static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    static String name(X509Certificate certificate) {
        return PahoFailures.printable(certificate.getSubjectX500Principal().getName());
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return strict.getAcceptedIssuers();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        strict.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        strict.checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        strict.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        strict.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        strict.checkClientTrusted(chain, authType, engine);
    }
}
