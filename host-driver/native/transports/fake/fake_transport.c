// SPDX-License-Identifier: Apache-2.0
/*
 * A transport without an accelerator, for the driver's own tests. Options: digest=wrong, fault=CODE (every job ends
 * with it), hang=1 (no job ends), broken=1 (the interrupt fails), memory=none, drain=N (a stopped job drains until
 * STATUS was read N times), dead=N (a stopped job's memory answers only after N soft resets, the one that stopped the
 * job included). A doorbell, or memory freed, while the accelerator drains ends the program: the driver must not do
 * that.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wh_transport.h"
#include "windhover_contract.h"

struct wh_transport {
    char options[256];
    pthread_mutex_t lock;
    uint32_t registers[1024];
    int running;
    int reads_left;  /* of STATUS, until the memory has answered */
    int resets_left; /* until it answers */
};

static int has(const wh_transport *t, const char *option) { return strstr(t->options, option) != NULL; }

static int number(const wh_transport *t, const char *option) {
    const char *found = strstr(t->options, option);
    return found != NULL ? (int)strtol(found + strlen(option), NULL, 10) : 0;
}

static uint32_t *status(wh_transport *t) { return &t->registers[WH_REGISTER_STATUS / 4]; }

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
    pthread_mutex_init(&t->lock, NULL);
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
    pthread_mutex_destroy(&t->lock);
    free(t);
}

static uint32_t fake_read(wh_transport *t, uint32_t offset) {
    pthread_mutex_lock(&t->lock);
    if (offset == WH_REGISTER_STATUS && t->reads_left > 0 && --t->reads_left == 0) {
        *status(t) &= (uint32_t) ~(WH_STATUS_BUSY | WH_STATUS_DRAINING);
    }
    uint32_t value = t->registers[offset / 4];
    pthread_mutex_unlock(&t->lock);
    return value;
}

static void must_not_drain(wh_transport *t, const char *deed) {
    if (*status(t) & WH_STATUS_DRAINING) {
        fprintf(stderr, "the driver %s while the accelerator drained\n", deed);
        abort();
    }
}

/* The job stops; its bursts are outstanding. */
static void stop(wh_transport *t) {
    t->running = 0;
    t->reads_left = number(t, "drain=");
    t->resets_left = number(t, "dead=");
    if (t->reads_left > 0) {
        *status(t) |= WH_STATUS_BUSY | WH_STATUS_DRAINING;
    } else if (t->resets_left > 0) {
        *status(t) |= WH_STATUS_BUSY | WH_STATUS_DRAINING | WH_STATUS_DEAD;
    } else {
        *status(t) &= (uint32_t)~WH_STATUS_BUSY;
    }
}

static void soft_reset(wh_transport *t) {
    *status(t) &= WH_STATUS_BUSY | WH_STATUS_DRAINING | WH_STATUS_DEAD;
    t->registers[WH_REGISTER_FAULT_CODE / 4] = 0;
    if (t->running) {
        stop(t);
    }
    if (t->resets_left > 0 && --t->resets_left == 0) {
        *status(t) = 0;
    }
}

static void fake_write(wh_transport *t, uint32_t offset, uint32_t value) {
    pthread_mutex_lock(&t->lock);
    if (offset == WH_REGISTER_DOORBELL) {
        must_not_drain(t, "rang the doorbell");
        t->running = 1;
        *status(t) = WH_STATUS_BUSY;
    } else if (offset == WH_REGISTER_CONTROL && (value & WH_CONTROL_SOFT_RESET)) {
        soft_reset(t);
    } else {
        t->registers[offset / 4] = value;
    }
    pthread_mutex_unlock(&t->lock);
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
    pthread_mutex_lock(&t->lock);
    if (!(*status(t) & WH_STATUS_DEAD)) {
        must_not_drain(t, "freed memory");
    }
    pthread_mutex_unlock(&t->lock);
    free(host);
}

static int32_t fake_wait(wh_transport *t, int64_t timeout_ns) {
    if (has(t, "broken=1")) {
        return -1;
    }
    pthread_mutex_lock(&t->lock);
    int ends = t->running && !has(t, "hang=1");
    if (ends && has(t, "fault=")) {
        t->registers[WH_REGISTER_FAULT_CODE / 4] = (uint32_t)number(t, "fault=");
        t->registers[WH_REGISTER_FAULT_COMMAND / 4] = 7;
        *status(t) |= WH_STATUS_FAULT;
        stop(t);
    } else if (ends) {
        t->registers[WH_REGISTER_CYCLES_LOW / 4] = 1234;
        t->running = 0;
        *status(t) = WH_STATUS_DONE;
    }
    pthread_mutex_unlock(&t->lock);
    if (!ends) {
        struct timespec pause = {0, (long)(timeout_ns % 1000000000)};
        nanosleep(&pause, NULL);
    }
    return ends;
}

static const wh_transport_ops OPS = {WH_TRANSPORT_ABI, fake_open,     fake_close, fake_read,
                                     fake_write,       fake_allocate, fake_free,  fake_wait};

__attribute__((visibility("default"))) const wh_transport_ops *wh_transport_get(void) { return &OPS; }
