// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/**
 * An MQTT 5 broker in this process. It is reachable from this machine only, stores nothing on disk and exposes nothing
 * for management.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final int ATTEMPTS = 3;

    private final EmbeddedActiveMQ server;
    private final int port;

    private EmbeddedBroker(EmbeddedActiveMQ server, int port) {
        this.server = server;
        this.port = port;
    }

    /** Starts one on a free port. */
    public static EmbeddedBroker start() {
        return start(0);
    }

    /** Starts one on this port, or on a free one when it is 0. */
    public static EmbeddedBroker start(int wantedPort) {
        for (int attempt = 1; ; attempt++) {
            try {
                int port = wantedPort > 0 ? wantedPort : freePort();
                EmbeddedActiveMQ server = new EmbeddedActiveMQ();
                server.setConfiguration(configuration(port));
                server.start();
                if (!server.getActiveMQServer()
                        .getRemotingService()
                        .getAcceptor("mqtt")
                        .isStarted()) {
                    server.stop();
                    throw new IOException("port " + port + " is taken");
                }
                return new EmbeddedBroker(server, port);
            } catch (Exception problem) {
                if (attempt == ATTEMPTS) {
                    throw new WindhoverException(
                            "The demo's own broker cannot be started (" + problem.getMessage()
                                    + "); name one with --mqtt.",
                            problem);
                }
            }
        }
    }

    private static Configuration configuration(int port) throws Exception {
        Configuration configuration = new ConfigurationImpl();
        configuration.setPersistenceEnabled(false);
        configuration.setSecurityEnabled(false);
        configuration.setJMXManagementEnabled(false);
        configuration.addAcceptorConfiguration("mqtt", "tcp://127.0.0.1:" + port + "?protocols=MQTT&tcpNoDelay=true");
        return configuration;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Its address for clients. */
    public BrokerAddress address() {
        return new BrokerAddress("127.0.0.1", port, false, null, null);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception problem) {
            throw new WindhoverException("The demo's own broker did not stop (" + problem.getMessage() + ").", problem);
        }
    }
}
