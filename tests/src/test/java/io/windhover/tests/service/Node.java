// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@code windhover serve} as a process of its own, seen through its page's JSON. */
final class Node implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Long for a frame in the making. */
    private static final long FRAME_MILLIS = 1_000;

    static final String TOKEN = "0123456789abcdef";

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Path configuration;
    private final Map<String, String> environment;
    private final List<String> wrapper;
    private final int port;
    private final Path errors;
    private Process process;

    private Node(Path folder, String yaml, Map<String, String> environment, List<String> wrapper) throws IOException {
        this.port = freePort();
        this.configuration = folder.resolve("node.yaml");
        this.environment = environment;
        this.wrapper = wrapper;
        this.errors = folder.resolve("node.err");
        write(yaml);
        start();
    }

    private Node(Path folder, Path configuration) throws IOException {
        this.port = 0;
        this.configuration = configuration;
        this.environment = Map.of();
        this.wrapper = List.of();
        this.errors = folder.resolve("node.err");
        start();
    }

    /** Starts it; to the configuration, its page and a folder for its state are added. */
    static Node start(Path folder, String yaml) throws IOException {
        return new Node(folder, yaml, Map.of(), List.of());
    }

    /** @param wrapper a program that starts it, with its arguments */
    static Node start(Path folder, String yaml, Map<String, String> environment, List<String> wrapper)
            throws IOException {
        return new Node(folder, yaml, environment, wrapper);
    }

    /** Starts it with a file as it is. */
    static Node of(Path folder, Path configuration) throws IOException {
        return new Node(folder, configuration);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Replaces its configuration as an editor does: readers see the old file or the new one. */
    void write(String yaml) throws IOException {
        Path whole = configuration.resolveSibling("node.yaml.new");
        Files.writeString(
                whole,
                yaml + "\nhttp: {listen: " + port + ", token: " + TOKEN + "}\n"
                        + (yaml.contains("\nstate:") ? "" : "state: state\n"));
        Files.move(whole, configuration, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    Path configuration() {
        return configuration;
    }

    /** Replaces its configuration, has it read by SIGHUP, and waits until it was taken. */
    void reload(String yaml) throws IOException, InterruptedException {
        long before = state().get("reloads").getAsLong();
        write(yaml);
        signal("HUP");
        until("the new configuration is used", state -> state.get("reloads").getAsLong() > before);
    }

    /** Starts it again, after {@link #kill} or {@link #terminate}. */
    void start() throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal"));
        command.addAll(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path")));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("windhover.") || name.startsWith("jna."))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(List.of("io.windhover.runtime.cli.Windhover", "serve", configuration.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .redirectInput(new File("/dev/null"));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("WINDHOVER_MQTT"));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    long pid() {
        return process.pid();
    }

    int port() {
        return port;
    }

    /** What it wrote to standard error since the first start. */
    String errors() throws IOException {
        return Files.readString(errors);
    }

    /** Lines of its log that hold this text. */
    long said(String text) throws IOException {
        return errors().lines().filter(line -> line.contains(text)).count();
    }

    /** Waits until its log holds this text. */
    long untilSaid(String text) throws InterruptedException, IOException {
        return until("said: " + text, state -> {
            try {
                return said(text) > 0;
            } catch (IOException unreadable) {
                throw new java.io.UncheckedIOException(unreadable);
            }
        });
    }

    /** Its log is short, of sentences, and keeps secrets. */
    void requireCalm(long mostLines, String... secrets) throws IOException {
        String log = errors();
        if (log.contains("\tat ") || log.contains("Exception in thread") || log.contains("Caused by:")) {
            throw new AssertionError("a stack trace: " + log);
        }
        if (log.lines().count() > mostLines) {
            throw new AssertionError(log.lines().count() + " lines: " + log);
        }
        for (String secret : secrets) {
            if (log.contains(secret)) {
                throw new AssertionError("the secret " + secret + ": " + log);
            }
        }
    }

    JsonObject state() throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/state");
        if (answer.statusCode() != 200) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return JsonParser.parseString(answer.body()).getAsJsonObject();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Stops a stream, or lets it run. */
    void setRunning(String stream, boolean running) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/streams/" + stream + "/running"))
                .header("Authorization", "Bearer " + TOKEN)
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString("{\"running\": " + running + "}"))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    /** Stops streams; answers how many results they published, none being in the making any more. */
    long stop(String... streams) throws IOException, InterruptedException {
        for (String stream : streams) {
            setRunning(stream, false);
        }
        // The state does not tell of a frame that was handed on just before.
        Thread.sleep(FRAME_MILLIS);
        JsonObject state = state();
        return Stream.of(streams)
                .mapToLong(stream -> stream(state, stream).get("published").getAsLong())
                .sum();
    }

    /** Waits until its state is such; answers after how many milliseconds. */
    long until(String what, Predicate<JsonObject> such) throws InterruptedException, IOException {
        return until(what, such, PATIENCE);
    }

    long until(String what, Predicate<JsonObject> such, Duration patience) throws InterruptedException, IOException {
        long start = System.nanoTime();
        String last = "no answer";
        while (System.nanoTime() - start < patience.toNanos()) {
            try {
                JsonObject state = state();
                last = state.toString();
                if (such.test(state)) {
                    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                }
            } catch (IOException notYet) {
                if (!process.isAlive()) {
                    throw new AssertionError("the service ended with " + process.exitValue() + ": " + errors());
                }
            }
            Thread.sleep(20);
        }
        throw new AssertionError("not within " + patience.toSeconds() + " s: " + what + "; " + last + "\n" + errors());
    }

    /** Waits until its first stream ran so many frames. */
    long untilFrames(long frames) throws InterruptedException, IOException {
        return until(frames + " frames", state -> frames(state) >= frames);
    }

    /** Of its first stream; 0 while it has none yet. */
    static long frames(JsonObject state) {
        JsonArray streams = state.getAsJsonArray("streams");
        return streams.isEmpty()
                ? 0
                : streams.get(0).getAsJsonObject().get("frames").getAsLong();
    }

    static JsonObject broker(JsonObject state) {
        return state.getAsJsonObject("broker");
    }

    static JsonObject stream(JsonObject state, String name) {
        for (JsonElement stream : state.getAsJsonArray("streams")) {
            if (stream.getAsJsonObject().get("name").getAsString().equals(name)) {
                return stream.getAsJsonObject();
            }
        }
        throw new AssertionError("no stream " + name + ": " + state);
    }

    long untilConnected() throws InterruptedException, IOException {
        return until("connected", state -> broker(state).get("connected").getAsBoolean());
    }

    long untilDisconnected() throws InterruptedException, IOException {
        return until("disconnected", state -> !broker(state).get("connected").getAsBoolean());
    }

    /** Waits until it ran so many more frames. */
    long untilMoreFrames(long frames) throws InterruptedException, IOException {
        AtomicLong before = new AtomicLong();
        until("it says its state", state -> {
            before.set(frames(state));
            return true;
        });
        return untilFrames(before.get() + frames);
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor(10, TimeUnit.SECONDS);
    }

    /** SIGTERM; answers the exit code. */
    int terminate() throws IOException, InterruptedException {
        signal("TERM");
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("still running a minute after SIGTERM: " + errors());
        }
        return process.exitValue();
    }

    /** Its exit code, once it ends by itself. */
    int await() throws InterruptedException, IOException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("still running: " + errors());
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
