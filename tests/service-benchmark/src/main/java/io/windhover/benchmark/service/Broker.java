// SPDX-License-Identifier: Apache-2.0
package io.windhover.benchmark.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A mosquitto of our own on a free loopback port, with its own defaults but for the settings given. */
final class Broker implements AutoCloseable {
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/sbin/mosquitto"), Path.of("/usr/bin/mosquitto"), Path.of("/usr/local/sbin/mosquitto"));
    private static final String MISSING =
            "mosquitto is not installed; install it with: sudo apt-get install -y --no-install-recommends mosquitto";

    private final Process process;
    private final int port;

    Broker(Path folder, String settings) throws IOException, InterruptedException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        Path configuration = Files.writeString(
                folder.resolve("mosquitto-" + port + ".conf"),
                "listener " + port + " 127.0.0.1\nuser " + System.getProperty("user.name")
                        + "\nallow_anonymous true\npersistence false\n" + settings + "\n");
        Path log = folder.resolve("mosquitto-" + port + ".log");
        this.process = new ProcessBuilder(binary().toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10); !listens(); Thread.sleep(10)) {
            if (System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("mosquitto does not listen: " + Files.readString(log));
            }
        }
    }

    private static Path binary() throws IOException {
        return PLACES.stream().filter(Files::isExecutable).findFirst().orElseThrow(() -> new IOException(MISSING));
    }

    /** Such as 2.0.11. */
    static String version() throws IOException {
        String help = Command.output(binary().toString(), "-h");
        return help.lines().findFirst().orElse("").replace("mosquitto version ", "");
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
