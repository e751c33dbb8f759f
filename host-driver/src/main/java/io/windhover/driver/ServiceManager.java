// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

/** Tells systemd, or what speaks its protocol, how a service is. */
public final class ServiceManager {
    private ServiceManager() {}

    /**
     * Sends assignments such as {@code READY=1}, a line each. Never blocks.
     *
     * @param socket what the environment variable NOTIFY_SOCKET names
     * @return whether the service manager took it
     * @throws DriverException when the driver library is missing or another one
     */
    public static boolean notify(String socket, String state) {
        NativeLibrary.load();
        return NativeLibrary.wh_notify(socket, state) == Status.OK;
    }
}
