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
public final class FaultyProxy implements AutoCloseable {
    private static final int SLOW_BYTES = 64;

    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile long cutBytes = Long.MAX_VALUE;
    private volatile long stallBytes = Long.MAX_VALUE;
    private volatile long delayMillis;
    private volatile int frozen;
    private final AtomicInteger connections = new AtomicInteger();

    public FaultyProxy(int target) throws IOException {
        this.target = target;
        daemon(this::accept);
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return listener.getLocalPort();
    }

    public int connections() {
        return connections.get();
    }

    /** Cuts each connection after so many bytes of the client, wherever that is in a message. */
    public void cutAfter(long bytes) {
        cutBytes = bytes;
    }

    /** Reads no more from the client after so many bytes of each connection. */
    public void stallAfter(long bytes) {
        stallBytes = bytes;
    }

    /** Passes few bytes at once, with a pause before each. */
    public void slow(long millis) {
        delayMillis = millis;
    }

    /** Passes nothing more, either way, on the connections there are; new ones work. */
    public void freeze() {
        frozen = connections.get();
    }

    private void accept() {
        try {
            while (true) {
                serve(listener.accept());
            }
        } catch (IOException closed) {
            cut();
        }
    }

    private void serve(Socket client) {
        sockets.add(client);
        try {
            Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
            int number = connections.incrementAndGet();
            sockets.add(broker);
            daemon(() -> copy(number, client, broker, true));
            daemon(() -> copy(number, broker, client, false));
        } catch (IOException away) {
            closeQuietly(client);
        }
    }

    private void copy(int number, Socket from, Socket to, boolean faulty) {
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
                if (left <= 0 || number <= frozen) {
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
                while (number <= frozen) {
                    Thread.sleep(20);
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
    public void cut() {
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
