// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a client and a broker, so that a test can cut, stall or slow the link from the client. */
final class FaultyProxy implements AutoCloseable {
    private static final int SLOW_BYTES = 64;

    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile long cutBytes = Long.MAX_VALUE;
    private volatile long stallBytes = Long.MAX_VALUE;
    private volatile long delayMillis;
    private final AtomicInteger connections = new AtomicInteger();

    FaultyProxy(int target) throws IOException {
        this.target = target;
        daemon(this::accept);
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    /** Cuts each connection after so many bytes of the client, wherever that is in a message. */
    void cutAfter(long bytes) {
        cutBytes = bytes;
    }

    /** Reads no more from the client after so many bytes of each connection. */
    void stallAfter(long bytes) {
        stallBytes = bytes;
    }

    /** Passes few bytes at once, with a pause before each. */
    void slow(long millis) {
        delayMillis = millis;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
                connections.incrementAndGet();
                sockets.add(client);
                sockets.add(broker);
                daemon(() -> copy(client, broker, true));
                daemon(() -> copy(broker, client, false));
            }
        } catch (IOException closed) {
            cut();
        }
    }

    private void copy(Socket from, Socket to, boolean faulty) {
        try (from;
                to) {
            InputStream input = from.getInputStream();
            OutputStream output = to.getOutputStream();
            byte[] bytes = new byte[8192];
            long passed = 0;
            while (true) {
                long left = faulty ? Math.min(cutBytes, stallBytes) - passed : bytes.length;
                if (faulty && passed >= cutBytes) {
                    return;
                }
                if (left <= 0) {
                    Thread.sleep(20);
                    continue;
                }
                int most = (int) Math.min(left, faulty && delayMillis > 0 ? SLOW_BYTES : bytes.length);
                int count = input.read(bytes, 0, most);
                if (count < 0) {
                    return;
                }
                if (faulty && delayMillis > 0) {
                    Thread.sleep(delayMillis);
                }
                output.write(bytes, 0, count);
                passed += count;
            }
        } catch (IOException cut) {
            return;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Cuts every connection there is; new ones are accepted. */
    void cut() {
        sockets.forEach(FaultyProxy::closeQuietly);
        sockets.clear();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
