// SPDX-License-Identifier: Apache-2.0
/* systemd's sd_notify protocol: one datagram to the socket that the service manager names. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "wh_internal.h"

WH_EXPORT int32_t wh_notify(const char *socket_path, const char *state) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const size_t length = socket_path == NULL ? 0 : strlen(socket_path);
    if (state == NULL || length < 2 || length >= sizeof address.sun_path ||
        (socket_path[0] != '/' && socket_path[0] != '@')) {
        return WH_INVALID_ARGUMENT;
    }
    memcpy(address.sun_path, socket_path, length);
    if (socket_path[0] == '@') {
        address.sun_path[0] = '\0'; /* Linux' abstract names begin so */
    }
    const int out = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (out < 0) {
        return WH_NO_MEMORY;
    }
    const socklen_t address_bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    ssize_t sent;
    do {
        sent = sendto(out, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT, (const struct sockaddr *)&address,
                      address_bytes);
    } while (sent < 0 && errno == EINTR);
    close(out);
    return sent < 0 ? WH_TRANSPORT_FAILED : WH_OK;
}
