// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** Programs that see file systems which nobody else does. */
public final class OwnMounts {
    private OwnMounts() {}

    /**
     * What to put before a program. Where such file systems cannot be had, as in a chroot, the test is skipped and says
     * so.
     *
     * @param mount a shell command
     */
    public static List<String> before(String mount) throws IOException, InterruptedException {
        List<String> wrapper = List.of("unshare", "-rm", "sh", "-c", mount + " && exec \"$@\"", "sh");
        Process trial = new ProcessBuilder(
                        Stream.concat(wrapper.stream(), Stream.of("true")).toList())
                .redirectErrorStream(true)
                .start();
        String said = new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (trial.waitFor() != 0) {
            System.out.println("# skipped, because nothing can be mounted here: " + said);
            throw new TestAbortedException("nothing can be mounted here: " + said);
        }
        return wrapper;
    }
}
