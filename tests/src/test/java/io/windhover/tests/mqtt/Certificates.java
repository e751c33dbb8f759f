// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Authorities and certificates, made by OpenSSL in a folder: NAME.crt and NAME.key. */
public final class Certificates {
    private final Path folder;

    public Certificates(Path folder) {
        this.folder = folder;
    }

    public Path certificate(String name) {
        return folder.resolve(name + ".crt");
    }

    public Path key(String name) {
        return folder.resolve(name + ".key");
    }

    public Path authority(String name) throws Exception {
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=" + name)
                .with("-keyout", key(name).toString(), "-out", certificate(name).toString())
                .run();
        return certificate(name);
    }

    /**
     * Issues one.
     *
     * @param days that it is valid; negative for one that has expired
     */
    public void issue(String authority, String name, String alternativeName, int days, String... keyKind)
            throws Exception {
        Path request = folder.resolve(name + ".csr");
        Path extensions = Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=" + alternativeName + "\n");
        openssl("req", "-new", "-nodes", "-subj", "/CN=" + name)
                .with(keyKind.length == 0 ? new String[] {"-newkey", "rsa:2048"} : keyKind)
                .with("-keyout", key(name).toString(), "-out", request.toString())
                .run();
        openssl("x509", "-req", "-in", request.toString(), "-extfile", extensions.toString())
                .with(
                        "-CA",
                        certificate(authority).toString(),
                        "-CAkey",
                        key(authority).toString())
                .with(
                        "-CAcreateserial",
                        "-days",
                        Integer.toString(days),
                        "-out",
                        certificate(name).toString())
                .run();
    }

    Command openssl(String... arguments) {
        return new Command().with("openssl").with(arguments);
    }

    static final class Command {
        private final List<String> words = new ArrayList<>();

        Command with(String... more) {
            words.addAll(List.of(more));
            return this;
        }

        void run() throws IOException, InterruptedException {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(words + ": " + output);
            }
        }
    }
}
