// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.runtime.exception.WindhoverException;
import java.nio.file.Path;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a secure connection is made with, PEM files. They are read again at every attempt to connect, so that they can
 * be replaced while the node runs.
 *
 * @param authorities certificates that the broker's own must come from; null for the machine's
 * @param certificate our own, and those between it and the broker's authority; null for none
 * @param key of our certificate, not encrypted; null for none
 */
public record TlsFiles(
        @Nullable Path authorities,
        @Nullable Path certificate,
        @Nullable Path key) {
    public static final TlsFiles NONE = new TlsFiles(null, null, null);

    public TlsFiles {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate or a key alone: " + certificate + ", " + key);
        }
    }

    /** Reads the files without connecting; a {@link WindhoverException} says what is wrong with them. */
    public void check(BrokerAddress broker) {
        try {
            SSLSocketFactory unused = TlsContext.sockets(this, broker.host());
        } catch (LinkException unusable) {
            throw new WindhoverException(unusable.sentence(broker), unusable);
        }
    }
}
