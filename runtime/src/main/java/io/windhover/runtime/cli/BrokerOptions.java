// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.NodeName;
import io.windhover.runtime.mqtt.Passwords;
import io.windhover.runtime.mqtt.Topics;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The broker, and this machine's place in its topics. */
final class BrokerOptions {
    @Option(
            names = "--mqtt",
            paramLabel = "URL",
            description = {
                "Publish to this broker: mqtt://HOST[:PORT] or mqtts://[USER@]HOST[:PORT].",
                "Its password is read from the file that " + Passwords.FILE_VARIABLE + " names, or from "
                        + Passwords.VARIABLE + "."
            })
    private @Nullable String url;

    @Option(
            names = "--mqtt-prefix",
            paramLabel = "PREFIX",
            defaultValue = Topics.DEFAULT_PREFIX,
            description = "First levels of every topic (default ${DEFAULT-VALUE}); needs --mqtt.")
    private String prefix;

    @Option(
            names = "--mqtt-node",
            paramLabel = "NODE",
            description = "This machine's level of every topic (default: derived from its machine id); needs --mqtt.")
    private @Nullable String node;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Without a broker these options mean nothing. */
    void requireUrlFor(String... options) {
        for (String option : options) {
            if (url == null && spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(spec.commandLine(), option + " needs --mqtt");
            }
        }
    }

    Topics topics() {
        return new Topics(prefix, node != null ? node : NodeName.ofThisMachine());
    }

    /** The broker that was named, with its password from the environment. */
    BrokerAddress address() {
        BrokerAddress given = BrokerAddress.parse(Objects.requireNonNull(url, "--mqtt was not given"));
        String password = Passwords.read(System.getenv());
        if (password != null && !given.secure() && !given.isLoopback()) {
            Progress.say(
                    spec.commandLine().getErr(),
                    "the password goes to " + given.host() + " unencrypted; mqtts:// encrypts it");
        }
        return given.withPassword(password);
    }

    @Nullable
    String url() {
        return url;
    }
}
