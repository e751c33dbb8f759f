// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import com.sun.net.httpserver.HttpServer;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.serve.configuration.HttpConfiguration;
import io.windhover.runtime.serve.monitor.NodeView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;

/** A node's page, health, metrics and control over HTTP. */
public final class NodeServer implements AutoCloseable {
    private static final int BACKLOG = 256;
    /**
     * Limits of the JDK's server, which reads them once, when its first server is made. A limit on the time of
     * responses would end event streams; {@link Workers} has one for each write.
     */
    private static final Map<String, String> LIMITS = Map.of(
            "jdk.httpserver.maxConnections", "512",
            "sun.net.httpserver.maxIdleConnections", "64",
            "sun.net.httpserver.idleInterval", "30",
            "sun.net.httpserver.maxReqTime", "15",
            "sun.net.httpserver.maxReqHeaders", "64",
            "sun.net.httpserver.maxReqHeaderSize", "16384",
            "sun.net.httpserver.nodelay", "true");

    static {
        LIMITS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }

    private final HttpServer server;
    private final Workers workers;
    private final Snapshots snapshots;

    private NodeServer(HttpServer server, Workers workers, Snapshots snapshots) {
        this.server = server;
        this.workers = workers;
        this.snapshots = snapshots;
    }

    /** Listens from here on; a {@link WindhoverException} says why it cannot. */
    public static NodeServer start(HttpConfiguration http, NodeView view) {
        NodeServer opened = open(http, view);
        opened.begin();
        return opened;
    }

    /** Has the port from here on, and lets clients wait there until it begins. */
    public static NodeServer open(HttpConfiguration http, NodeView view) {
        Snapshots snapshots = new Snapshots(http, view);
        Routes routes = new Routes(http, view, snapshots);
        HttpServer server = listen(http, http.port());
        Workers workers = new Workers(() -> view.refused("http"));
        server.setExecutor(workers);
        server.createContext("/", routes::serve);
        return new NodeServer(server, workers, snapshots);
    }

    /** Answers from here on. */
    public void begin() {
        server.start();
    }

    private static HttpServer listen(HttpConfiguration http, int port) {
        try {
            return HttpServer.create(new InetSocketAddress(http.host(), port), BACKLOG);
        } catch (IOException | RuntimeException refused) {
            throw new WindhoverException(
                    "http.listen: cannot listen at " + http.host() + ":" + http.port() + " (" + refused.getMessage()
                            + "); give another address or port.",
                    refused);
        }
    }

    /**
     * Whether the address is this machine's; a {@link WindhoverException} says that it is not. Its port is not tried.
     */
    public static void check(HttpConfiguration http) {
        listen(http, 0).stop(0);
    }

    /** The one listened at, also where any free one was asked for. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Ends every connection and thread at once. Can be called again. */
    @Override
    public void close() {
        server.stop(0);
        workers.close();
        snapshots.close();
    }
}
