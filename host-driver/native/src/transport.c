// SPDX-License-Identifier: Apache-2.0
/* Finds and loads the transport that a locator names. */
#include <ctype.h>
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "wh_internal.h"

#define NAME_BYTES 64
#define PATH_BYTES 4096

typedef struct {
    char scheme[NAME_BYTES];
    char configuration[NAME_BYTES];
    const char *options;
} locator_parts;

void wh_message(char *message, int32_t message_bytes, const char *format, ...) {
    if (message == NULL || message_bytes <= 0) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, (size_t)message_bytes, format, arguments);
    va_end(arguments);
}

static bool copy_name(char *name, const char *from, size_t length) {
    if (length >= NAME_BYTES) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)from[i]) && from[i] != '_' && from[i] != '-') {
            return false;
        }
    }
    memcpy(name, from, length);
    name[length] = '\0';
    return true;
}

static bool split(const char *locator, locator_parts *parts) {
    const char *colon = strchr(locator, ':');
    if (colon == NULL || colon == locator) {
        return false;
    }
    const char *question = strchr(colon, '?');
    const char *end = question != NULL ? question : locator + strlen(locator);
    parts->options = question != NULL ? question + 1 : "";
    return copy_name(parts->scheme, locator, (size_t)(colon - locator)) &&
           copy_name(parts->configuration, colon + 1, (size_t)(end - colon - 1));
}

int32_t wh_transport_load(const char *locator, const char *transports, char *message, int32_t message_bytes,
                          wh_device *device) {
    locator_parts parts;
    char name[NAME_BYTES + 32];
    char path[PATH_BYTES];
    if (!split(locator, &parts)) {
        wh_message(message, message_bytes, "device locator '%s' is not SCHEME:CONFIGURATION", locator);
        return WH_INVALID_ARGUMENT;
    }
    snprintf(name, sizeof name, "libwindhover-%s.so", parts.scheme);
    int written = snprintf(path, sizeof path, "%s/%s", transports != NULL ? transports : ".", name);
    if (written < 0 || written >= PATH_BYTES || access(path, R_OK) != 0) {
        wh_message(message, message_bytes,
                   "no device '%s': %s is not in %s; build it if there is such a device, or choose another", locator,
                   name, transports != NULL ? transports : ".");
        return WH_NOT_FOUND;
    }
    device->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (device->library == NULL) {
        wh_message(message, message_bytes, "%s cannot be loaded: %s", path, dlerror());
        return WH_NOT_FOUND;
    }
    const wh_transport_ops *(*get)(void);
    *(void **)(&get) = dlsym(device->library, "wh_transport_get");
    if (get == NULL || get()->abi != WH_TRANSPORT_ABI) {
        wh_message(message, message_bytes, "%s is not a transport of ABI %d; rebuild it", path, WH_TRANSPORT_ABI);
        return WH_NOT_FOUND;
    }
    device->ops = get();
    if (device->ops->open(parts.configuration, parts.options, &device->transport, message, message_bytes) < 0) {
        return WH_NOT_FOUND;
    }
    return WH_OK;
}
