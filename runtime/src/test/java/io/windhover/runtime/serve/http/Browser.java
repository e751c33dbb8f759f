// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A page in headless Chromium, driven by the DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final String PROGRAM = "/usr/bin/chromium";
    private static final long START_MS = 60_000;
    private static final long WAIT_MS = 15_000;

    private final Path profile = Files.createTempDirectory("windhover-browser");
    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger number = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
    /** Errors of scripts, requests and the content policy, and what the console was told. */
    final List<String> complaints = new CopyOnWriteArrayList<>();

    Browser() throws Exception {
        if (!Files.isExecutable(Path.of(PROGRAM))) {
            throw new AssertionError(PROGRAM + " is missing: apt-get install chromium");
        }
        List<String> command = new ArrayList<>(List.of(
                PROGRAM,
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--no-first-run",
                "--disable-gpu",
                "--disable-dev-shm-usage"));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--no-sandbox");
        }
        command.add("about:blank");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("log").toFile())
                .start();
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(page()), new Listener())
                .get(WAIT_MS, TimeUnit.MILLISECONDS);
        call("Page.enable", "{}");
        call("Runtime.enable", "{}");
        call("Log.enable", "{}");
    }

    private String page() throws Exception {
        Path port = profile.resolve("DevToolsActivePort");
        long deadline = System.currentTimeMillis() + START_MS;
        while (!Files.exists(port) || Files.readAllLines(port).isEmpty()) {
            if (!process.isAlive() || System.currentTimeMillis() > deadline) {
                throw new AssertionError("Chromium does not start: " + Files.readString(profile.resolve("log")));
            }
            Thread.sleep(50);
        }
        URI list = URI.create("http://127.0.0.1:" + Files.readAllLines(port).get(0) + "/json/list");
        String targets = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString())
                .body();
        for (JsonElement target : JsonParser.parseString(targets).getAsJsonArray()) {
            if (target.getAsJsonObject().get("type").getAsString().equals("page")) {
                return target.getAsJsonObject().get("webSocketDebuggerUrl").getAsString();
            }
        }
        throw new AssertionError("no page in " + targets);
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                JsonObject message = JsonParser.parseString(text.toString()).getAsJsonObject();
                text.setLength(0);
                take(message);
            }
            from.request(1);
            return null;
        }
    }

    private void take(JsonObject message) {
        if (message.has("id")) {
            answers.remove(message.get("id").getAsInt()).complete(message);
            return;
        }
        String event = message.get("method").getAsString();
        String parameters = message.get("params").toString();
        boolean isError = event.equals("Log.entryAdded") && parameters.contains("\"level\":\"error\"");
        if (isError || event.equals("Runtime.exceptionThrown") || event.equals("Runtime.consoleAPICalled")) {
            complaints.add(parameters);
        }
    }

    JsonObject call(String method, String parameters) throws Exception {
        int id = number.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}", true)
                .get(WAIT_MS, TimeUnit.MILLISECONDS);
        JsonObject message = answer.get(WAIT_MS, TimeUnit.MILLISECONDS);
        if (message.has("error")) {
            throw new AssertionError(method + ": " + message.get("error"));
        }
        return message.getAsJsonObject("result");
    }

    /** Emulates a screen and what its user prefers. */
    void screen(int width, int height, boolean dark, boolean calm) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":" + (width < 500)
                        + "}");
        call(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + (dark ? "dark" : "light")
                        + "\"},{\"name\":\"prefers-reduced-motion\",\"value\":\"" + (calm ? "reduce" : "no-preference")
                        + "\"}]}");
    }

    void open(String url) throws Exception {
        call("Page.navigate", "{\"url\":\"" + url + "\"}");
        await("document.readyState === 'complete'");
    }

    /** The value of an expression, as text. */
    String evaluate(String expression) throws Exception {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("expression", "String(" + expression + ")");
        JsonObject result = call("Runtime.evaluate", parameters.toString());
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.get("exceptionDetails"));
        }
        return result.getAsJsonObject("result").get("value").getAsString();
    }

    void await(String condition) throws Exception {
        long deadline = System.currentTimeMillis() + WAIT_MS;
        while (!evaluate(condition).equals("true")) {
            if (System.currentTimeMillis() > deadline) {
                throw new AssertionError("never true: " + condition + "; the page: "
                        + evaluate("document.body.innerText") + "; complaints: " + complaints);
            }
            Thread.sleep(50);
        }
    }

    /** Clicks where the element is, as a mouse does. */
    void click(String selector) throws Exception {
        String element = "document.querySelector('" + selector + "')";
        evaluate(element + ".scrollIntoView({block: 'center', behavior: 'instant'})");
        String box = element + ".getBoundingClientRect()";
        String x = evaluate(box + ".x + " + box + ".width / 2");
        String y = evaluate(box + ".y + " + box + ".height / 2");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    "{\"type\":\"" + type + "\",\"x\":" + x + ",\"y\":" + y + ",\"button\":\"left\",\"clickCount\":1}");
        }
    }

    void type(String text) throws Exception {
        call("Input.insertText", "{\"text\":\"" + text + "\"}");
    }

    /** Presses a key: Tab, Enter, ArrowDown or a space. */
    void press(String key) throws Exception {
        Map<String, Integer> codes = Map.of("Tab", 9, "Enter", 13, " ", 32, "ArrowDown", 40);
        String text = key.equals("Enter") ? ",\"text\":\"\\r\"" : key.equals(" ") ? ",\"text\":\" \"" : "";
        String common = "\"key\":\"" + key + "\",\"code\":\"" + (key.equals(" ") ? "Space" : key)
                + "\",\"windowsVirtualKeyCode\":" + codes.get(key);
        call("Input.dispatchKeyEvent", "{\"type\":\"keyDown\"," + common + text + "}");
        call("Input.dispatchKeyEvent", "{\"type\":\"keyUp\"," + common + "}");
    }

    /** All of the page, as a PNG file. */
    void screenshot(Path file) throws Exception {
        String data = call("Page.captureScreenshot", "{\"format\":\"png\",\"captureBeyondViewport\":true}")
                .get("data")
                .getAsString();
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(data));
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, WAIT_MS, TimeUnit.MILLISECONDS)
                .join();
        process.destroyForcibly();
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException helperStillWrites) {
            // the folder is a temporary one
        }
    }
}
