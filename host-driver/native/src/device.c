// SPDX-License-Identifier: Apache-2.0
/* Opening, closing, registers, faults and reset of a device. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "wh_internal.h"

WH_EXPORT int32_t wh_abi_version(void) { return WH_ABI_VERSION; }

WH_EXPORT uint64_t wh_contract_digest(void) { return WH_CONTRACT_DIGEST; }

uint32_t wh_register(wh_device *device, uint32_t offset_bytes) {
    pthread_mutex_lock(&device->register_lock);
    uint32_t value = device->ops->register_read(device->transport, offset_bytes);
    pthread_mutex_unlock(&device->register_lock);
    return value;
}

void wh_register_set(wh_device *device, uint32_t offset_bytes, uint32_t value) {
    pthread_mutex_lock(&device->register_lock);
    device->ops->register_write(device->transport, offset_bytes, value);
    pthread_mutex_unlock(&device->register_lock);
}

static void unload(wh_device *device) {
    if (device->transport != NULL) {
        wh_release_kept(device);
        device->ops->close(device->transport);
    }
    if (device->library != NULL) {
        dlclose(device->library);
    }
}

static int32_t check_contract(wh_device *device, const char *locator, char *message, int32_t message_bytes) {
    uint64_t digest = ((uint64_t)wh_register(device, WH_REGISTER_DIGEST_HIGH) << 32) |
                      wh_register(device, WH_REGISTER_DIGEST_LOW);
    if (digest == WH_CONTRACT_DIGEST) {
        return WH_OK;
    }
    wh_message(message, message_bytes,
               "device '%s' has contract %016llX but this driver has %016llX; build both from the same sources",
               locator, (unsigned long long)digest, (unsigned long long)WH_CONTRACT_DIGEST);
    return WH_CONTRACT_MISMATCH;
}

/* What ran before, for a program that ended without closing the device, is stopped first. */
static int32_t check_idle(wh_device *device, const char *locator, char *message, int32_t message_bytes) {
    int32_t status = wh_recover(device);
    if (status != WH_OK) {
        wh_message(message, message_bytes,
                   "device '%s' still waits for its memory and does not start; reset or power-cycle it", locator);
    }
    return status;
}

static void initialise_locks(wh_device *device) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&device->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&device->lock, NULL);
    pthread_mutex_init(&device->register_lock, NULL);
}

static void destroy(wh_device *device) {
    unload(device);
    pthread_cond_destroy(&device->changed);
    pthread_mutex_destroy(&device->lock);
    pthread_mutex_destroy(&device->register_lock);
    free(device);
}

WH_EXPORT int32_t wh_device_open(const char *locator, const char *transports, char *message, int32_t message_bytes,
                                 wh_device **device_out) {
    if (locator == NULL || device_out == NULL) {
        wh_message(message, message_bytes, "no device locator was given");
        return WH_INVALID_ARGUMENT;
    }
    wh_device *device = calloc(1, sizeof *device);
    if (device == NULL) {
        wh_message(message, message_bytes, "no memory to open '%s'", locator);
        return WH_NO_MEMORY;
    }
    initialise_locks(device);
    int32_t status = wh_transport_load(locator, transports, message, message_bytes, device);
    if (status == WH_OK) {
        status = check_contract(device, locator, message, message_bytes);
    }
    if (status == WH_OK) {
        status = check_idle(device, locator, message, message_bytes);
    }
    if (status == WH_OK && pthread_create(&device->worker, NULL, wh_worker, device) != 0) {
        wh_message(message, message_bytes, "no thread to run '%s'", locator);
        status = WH_NO_MEMORY;
    }
    if (status != WH_OK) {
        destroy(device);
        return status;
    }
    *device_out = device;
    return WH_OK;
}

WH_EXPORT int32_t wh_device_close(wh_device *device) {
    if (device == NULL) {
        return WH_OK;
    }
    pthread_mutex_lock(&device->lock);
    if (device->children > 0) {
        pthread_mutex_unlock(&device->lock);
        return WH_BUSY;
    }
    device->stopping = true;
    pthread_cond_broadcast(&device->changed);
    pthread_mutex_unlock(&device->lock);
    pthread_join(device->worker, NULL);
    destroy(device);
    return WH_OK;
}

WH_EXPORT int32_t wh_device_registers(wh_device *device, int32_t offset_bytes, int32_t count, int32_t *values_out) {
    if (device == NULL || values_out == NULL || offset_bytes < 0 || offset_bytes % 4 != 0 || count < 0 ||
        count > 1024 || offset_bytes > 4096 - 4 * count) {
        return WH_INVALID_ARGUMENT;
    }
    for (int32_t i = 0; i < count; i++) {
        values_out[i] = (int32_t)wh_register(device, (uint32_t)(offset_bytes + 4 * i));
    }
    return WH_OK;
}

WH_EXPORT int32_t wh_device_trace(wh_device *device, int32_t maximum_entries, int32_t *words_out,
                                  int32_t *entries_out) {
    if (device == NULL || words_out == NULL || entries_out == NULL || maximum_entries < 0) {
        return WH_INVALID_ARGUMENT;
    }
    uint32_t count = wh_register(device, WH_REGISTER_TRACE_COUNT); /* all ones when the transport is broken */
    if (count > (uint32_t)maximum_entries) {
        count = (uint32_t)maximum_entries;
    }
    for (uint32_t i = 0; i < count; i++) {
        wh_register_set(device, WH_REGISTER_TRACE_INDEX, i);
        *words_out++ = (int32_t)wh_register(device, WH_REGISTER_TRACE_CYCLE);
        *words_out++ = (int32_t)wh_register(device, WH_REGISTER_TRACE_LAYER);
        *words_out++ = (int32_t)wh_register(device, WH_REGISTER_TRACE_BUSY);
        *words_out++ = (int32_t)wh_register(device, WH_REGISTER_TRACE_STALL);
        *words_out++ = (int32_t)wh_register(device, WH_REGISTER_TRACE_START);
    }
    *entries_out = (int32_t)count;
    return WH_OK;
}

WH_EXPORT int32_t wh_device_last_fault(wh_device *device, int32_t *code_out, int32_t *command_out,
                                       int32_t *detail_out) {
    if (device == NULL || code_out == NULL || command_out == NULL || detail_out == NULL) {
        return WH_INVALID_ARGUMENT;
    }
    pthread_mutex_lock(&device->lock);
    *code_out = device->fault[0];
    *command_out = device->fault[1];
    *detail_out = device->fault[2];
    pthread_mutex_unlock(&device->lock);
    return WH_OK;
}

WH_EXPORT int32_t wh_device_reset(wh_device *device) {
    if (device == NULL) {
        return WH_INVALID_ARGUMENT;
    }
    pthread_mutex_lock(&device->lock);
    uint32_t own = ++device->resets;
    pthread_cond_broadcast(&device->changed);
    while ((int32_t)(device->resets_done - own) < 0) {
        pthread_cond_wait(&device->changed, &device->lock);
    }
    int32_t status = device->condition;
    pthread_mutex_unlock(&device->lock);
    return status;
}
