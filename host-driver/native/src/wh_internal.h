// SPDX-License-Identifier: Apache-2.0
#ifndef WH_INTERNAL_H
#define WH_INTERNAL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "wh_transport.h"
#include "windhover.h"
#include "windhover_contract.h"

#define WH_EXPORT __attribute__((visibility("default")))

typedef struct {
    wh_buffer *buffer;
    uint64_t address;
    uint32_t bytes;
    bool writable;
} wh_region;

typedef enum { WH_JOB_NEW, WH_JOB_IN_FLIGHT, WH_JOB_ENDED } wh_job_state;

struct wh_job {
    wh_device *device;
    wh_job *next; /* in the device's queue */
    wh_job_state state;
    int32_t result;
    wh_region regions[WH_REGIONS];
    uint32_t program_region;
    uint32_t program_offset;
    uint32_t program_commands;
    uint32_t watchdog_cycles;
};

struct wh_buffer {
    wh_device *device;
    void *host;
    uint64_t address;
    int64_t bytes;
    int32_t users;   /* regions of jobs that name this buffer */
    wh_buffer *next; /* in the device's kept ones */
};

/* lock guards everything below it; register_lock alone is held around register accesses, and is taken after lock. */
struct wh_device {
    void *library;
    const wh_transport_ops *ops;
    wh_transport *transport;
    pthread_t worker;
    pthread_mutex_t register_lock;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    wh_job *first;
    wh_job *last;
    int32_t children;
    wh_buffer *kept; /* freed while the device was dead, when the accelerator might still have written to them */
    bool stopping;
    uint32_t resets;      /* calls of wh_device_reset */
    uint32_t resets_done; /* those of them that the worker has carried out */
    int32_t condition;    /* WH_OK, WH_DEVICE_DEAD or WH_TRANSPORT_FAILED */
    int32_t fault[3];
};

int32_t wh_transport_load(const char *locator, const char *transports, char *message, int32_t message_bytes,
                          wh_device *device);
void wh_message(char *message, int32_t message_bytes, const char *format, ...) __attribute__((format(printf, 3, 4)));
uint32_t wh_register(wh_device *device, uint32_t offset_bytes);
void wh_register_set(wh_device *device, uint32_t offset_bytes, uint32_t value);
/* Frees the buffers kept while the device was dead. The caller holds the lock, or is the only user. */
void wh_release_kept(wh_device *device);
/* Clears faults and stops what runs, then waits for its bursts: WH_OK, WH_DEVICE_DEAD, WH_TRANSPORT_FAILED. */
int32_t wh_recover(wh_device *device);
void *wh_worker(void *device);

#endif
