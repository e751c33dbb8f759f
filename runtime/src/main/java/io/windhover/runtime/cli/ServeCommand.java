// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.serve.ConfigurationFile;
import io.windhover.runtime.serve.Service;
import io.windhover.runtime.serve.Supervision;
import io.windhover.runtime.serve.configuration.ServiceConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "serve",
        description = {
            "Runs a node until it is told to stop: streams of frames through models, results to an MQTT broker, a live page.",
            "What it does stands in one YAML file. SIGHUP, or a change of the file or of a model, has it read again; a bad",
            "new one is said and not used. SIGTERM finishes what is in flight, delivers what it can, and ends it."
        },
        footer = {
            "",
            "Examples:",
            "  ./windhover serve --example > node.yaml",
            "  ./windhover serve node.yaml --check",
            "  ./windhover serve node.yaml"
        })
final class ServeCommand extends Verb {
    @Parameters(index = "0", arity = "0..1", paramLabel = "CONFIG", description = "What to do, a YAML file.")
    private @Nullable Path file;

    @Option(names = "--check", description = "Say what is wrong with the configuration, its models and files, and end.")
    private boolean check;

    @Option(names = "--example", description = "Print a commented configuration that works as it is, and end.")
    private boolean example;

    @Override
    void execute() {
        if (example) {
            out().print(exampleText());
            return;
        }
        if (file == null) {
            throw new ParameterException(
                    spec.commandLine(), "there is nothing to serve: give a configuration, such as --example prints");
        }
        if (!check) {
            StandardError.waitForNobody();
            Signals.finishByItself();
            // Once it has started, the file is looked at again anyway.
            Signals.onHangup(() -> {});
        }
        ConfigurationFile read = ConfigurationFile.read(file, System.getenv());
        ServiceConfiguration configuration = read.configuration();
        if (check) {
            Service.check(configuration);
            out().println(file + " can be served: "
                    + String.join(", ", configuration.streams().keySet()) + " on " + configuration.device());
            return;
        }
        try {
            serve(read, configuration);
        } catch (CancellationException signalled) {
            Progress.say(err(), "stopped before it started");
        }
        Signals.endedInOrder();
    }

    private void serve(ConfigurationFile file, ServiceConfiguration configuration) {
        Service ended;
        // The file is closed before the service, which makes a late reload say that the service is stopping.
        try (Service service = Service.start(configuration, Signals::received);
                file;
                Supervision supervision = Supervision.of(service, System.getenv())) {
            ended = service;
            file.watch(service);
            Signals.onHangup(file::reloadOnce);
            supervision.ready();
            Progress.say(
                    err(),
                    "serving " + String.join(", ", configuration.streams().keySet()) + " on " + configuration.device()
                            + (service.httpPort() == 0 ? "" : "; its page: " + page(configuration, service)));
            Signals.await();
        }
        Progress.say(err(), "stopped; frames run: " + ended.frames());
    }

    private static String page(ServiceConfiguration configuration, Service service) {
        return "http://" + Objects.requireNonNull(configuration.http()).host() + ":" + service.httpPort();
    }

    private static String exampleText() {
        try (InputStream text = Service.class.getResourceAsStream("example.yaml")) {
            return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException damaged) {
            throw new WindhoverException("The example cannot be read from Windhover's jar.", damaged);
        }
    }
}
