/*
 * A transport without an accelerator, for the driver's own tests. Options: digest=wrong, fault=CODE (every job ends with
 * it), hang=1 (no job ends), broken=1 (the interrupt fails), memory=none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wh_transport.h"
#include "windhover_contract.h"

struct wh_transport {
    char options[256];
    uint32_t registers[1024];
    int running;
};

static int has(const wh_transport *t, const char *option) {
    return strstr(t->options, option) != NULL;
}

static int32_t fake_open(const char *configuration, const char *options, wh_transport **out, char *message,
                         int32_t message_bytes) {
    if (strcmp(configuration, "absent") == 0) {
        snprintf(message, (size_t)message_bytes, "the fake device is absent; plug it in");
        return -1;
    }
    wh_transport *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return -1;
    }
    snprintf(t->options, sizeof t->options, "%s", options);
    uint64_t digest = has(t, "digest=wrong") ? 1 : WH_CONTRACT_DIGEST;
    t->registers[WH_REGISTER_DIGEST_LOW / 4] = (uint32_t)digest;
    t->registers[WH_REGISTER_DIGEST_HIGH / 4] = (uint32_t)(digest >> 32);
    t->registers[WH_REGISTER_CONFIGURATION / 4] = WH_TINY_ID;
    t->registers[WH_REGISTER_INT8_REDUCTION / 4] = WH_TINY_INT8_REDUCTION;
    t->registers[WH_REGISTER_TRACE_ENTRIES / 4] = WH_TINY_TRACE_ENTRIES;
    *out = t;
    return 0;
}

static void fake_close(wh_transport *t) {
    free(t);
}

static uint32_t fake_read(wh_transport *t, uint32_t offset) {
    return t->registers[offset / 4];
}

static void fake_write(wh_transport *t, uint32_t offset, uint32_t value) {
    if (offset == WH_REGISTER_DOORBELL) {
        t->running = 1;
        t->registers[WH_REGISTER_STATUS / 4] = 1;
    } else if (offset == WH_REGISTER_CONTROL && (value & 2)) {
        t->running = 0;
        t->registers[WH_REGISTER_STATUS / 4] = 0;
    } else {
        t->registers[offset / 4] = value;
    }
}

static int32_t fake_allocate(wh_transport *t, uint64_t bytes, void **host_out, uint64_t *address_out) {
    void *host = NULL;
    if (has(t, "memory=none") || posix_memalign(&host, 4096, bytes) != 0) {
        return -1;
    }
    memset(host, 0, bytes);
    *host_out = host;
    *address_out = (uint64_t)(uintptr_t)host;
    return 0;
}

static void fake_free(wh_transport *t, void *host) {
    (void)t;
    free(host);
}

static int32_t fake_wait(wh_transport *t, int64_t timeout_ns) {
    if (has(t, "broken=1")) {
        return -1;
    }
    if (!t->running || has(t, "hang=1")) {
        struct timespec pause = {0, (long)(timeout_ns % 1000000000)};
        nanosleep(&pause, NULL);
        return 0;
    }
    const char *fault = strstr(t->options, "fault=");
    t->running = 0;
    t->registers[WH_REGISTER_STATUS / 4] = fault != NULL ? 4 : 2;
    if (fault != NULL) {
        t->registers[WH_REGISTER_FAULT_CODE / 4] = (uint32_t)atoi(fault + 6);
        t->registers[WH_REGISTER_FAULT_COMMAND / 4] = 7;
    } else {
        t->registers[WH_REGISTER_CYCLES_LOW / 4] = 1234;
    }
    return 1;
}

static const wh_transport_ops OPS = {WH_TRANSPORT_ABI, fake_open, fake_close, fake_read, fake_write, fake_allocate,
                                     fake_free, fake_wait};

__attribute__((visibility("default"))) const wh_transport_ops *wh_transport_get(void) {
    return &OPS;
}
