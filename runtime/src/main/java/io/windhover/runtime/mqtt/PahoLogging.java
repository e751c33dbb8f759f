// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Paho logs every lost connection with a stack trace; we say each trouble in a sentence of our own. */
final class PahoLogging {
    /** Kept, because the level is lost with the logger. */
    private static final Logger PAHO = Logger.getLogger("org.eclipse.paho");

    private PahoLogging() {}

    static void silence() {
        PAHO.setLevel(Level.OFF);
    }
}
