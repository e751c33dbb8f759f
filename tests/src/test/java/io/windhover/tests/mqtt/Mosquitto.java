// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import io.windhover.runtime.mqtt.BrokerAddress;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Debian's broker as a process of its own on a free loopback port; without it the test fails and says how to install
 * it.
 */
public final class Mosquitto implements AutoCloseable {
    private static final List<Path> PLACES = List.of(Path.of("/usr/sbin/mosquitto"), Path.of("/usr/bin/mosquitto"));

    private final Path configuration;
    private final int port;
    private Process process;

    public Mosquitto(Path folder, String... settings) throws IOException {
        this.port = freePort();
        List<String> wanted = List.of(settings);
        String anonymous = wanted.contains("allow_anonymous false") ? "" : "allow_anonymous true";
        String persistence = wanted.contains("persistence true") ? "" : "persistence false";
        String text = "listener " + port + " 127.0.0.1\nuser " + System.getProperty("user.name") + "\n" + anonymous
                + "\n" + persistence + "\n" + String.join("\n", settings) + "\n";
        this.configuration = Files.writeString(folder.resolve("mosquitto.conf"), text);
        start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts it, again after {@link #kill}, and waits until it listens. */
    public void start() throws IOException {
        Path binary = PLACES.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("mosquitto is not installed: apt-get install mosquitto"));
        process = new ProcessBuilder(binary.toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(new File(configuration + ".log")))
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!listens()) {
            if (System.nanoTime() - end > 0) {
                throw new IOException(
                        "mosquitto does not listen: " + Files.readString(Path.of(configuration + ".log")));
            }
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    public BrokerAddress address() {
        return new BrokerAddress("127.0.0.1", port, false, null, null);
    }

    /** Ends it without a farewell. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    /** Sends a signal: STOP, CONT, HUP, which has it read its files again. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
