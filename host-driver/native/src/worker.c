// SPDX-License-Identifier: Apache-2.0
/* One thread a device takes jobs in order, starts each, and waits for its end and for the last of its bursts. */
#include <string.h>
#include <time.h>

#include "wh_internal.h"

/* Short enough that a reset or close is noticed at once by a person, long enough to cost nothing. */
static const int64_t SLICE_NS = 20 * 1000 * 1000;

/* Bounds a drain where STATUS.dead never comes. DRAIN_CYCLES take a slow simulation with waveforms some seconds. */
static const int64_t DRAIN_NS = INT64_C(30) * 1000 * 1000 * 1000;
static const int64_t DRAIN_POLL_NS = 1000 * 1000;

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Waits until the memory owes no answers: WH_OK, WH_DEVICE_DEAD, WH_TRANSPORT_FAILED. */
static int32_t drain(wh_device *device) {
    int64_t deadline = now_ns() + DRAIN_NS;
    for (;;) {
        uint32_t status = wh_register(device, WH_REGISTER_STATUS);
        wh_register_set(device, WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
        if ((status & WH_STATUS_BUSY) == 0) {
            return WH_OK;
        }
        if (device->ops->interrupt_wait(device->transport, DRAIN_POLL_NS) < 0) {
            return WH_TRANSPORT_FAILED;
        }
        if ((status & WH_STATUS_DEAD) != 0 || now_ns() >= deadline) {
            return WH_DEVICE_DEAD;
        }
    }
}

int32_t wh_recover(wh_device *device) {
    wh_register_set(device, WH_REGISTER_CONTROL, WH_CONTROL_INTERRUPT_ENABLE | WH_CONTROL_SOFT_RESET);
    return drain(device);
}

static void start(wh_device *device, const wh_job *job) {
    uint32_t writable = 0;
    for (uint32_t i = 0; i < WH_REGIONS; i++) {
        const wh_region *region = &job->regions[i];
        wh_register_set(device, WH_REGISTER_REGION_BASE_LOW + 4 * i, (uint32_t)region->address);
        wh_register_set(device, WH_REGISTER_REGION_BASE_HIGH + 4 * i, (uint32_t)(region->address >> 32));
        wh_register_set(device, WH_REGISTER_REGION_BYTES + 4 * i, region->bytes);
        writable |= (uint32_t)region->writable << i;
    }
    wh_register_set(device, WH_REGISTER_REGION_WRITABLE, writable);
    wh_register_set(device, WH_REGISTER_PROGRAM_REGION, job->program_region);
    wh_register_set(device, WH_REGISTER_PROGRAM_OFFSET, job->program_offset);
    wh_register_set(device, WH_REGISTER_PROGRAM_COMMANDS, job->program_commands);
    wh_register_set(device, WH_REGISTER_WATCHDOG_CYCLES, job->watchdog_cycles);
    wh_register_set(device, WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
    wh_register_set(device, WH_REGISTER_DOORBELL, WH_DOORBELL_START);
}

static bool reset_asked_for(wh_device *device) {
    pthread_mutex_lock(&device->lock);
    bool asked = device->resets != device->resets_done;
    pthread_mutex_unlock(&device->lock);
    return asked;
}

/* The caller holds the lock. */
static void change_condition(wh_device *device, int32_t condition) {
    if (device->condition != WH_TRANSPORT_FAILED) {
        device->condition = condition;
    }
    if (device->condition == WH_OK) {
        wh_release_kept(device);
    }
}

static void settle(wh_device *device, int32_t condition) {
    pthread_mutex_lock(&device->lock);
    change_condition(device, condition);
    pthread_mutex_unlock(&device->lock);
}

/* Reads why the job was stopped before a reset forgets it; then makes the device ready for the next job. */
static int32_t take_fault(wh_device *device) {
    int32_t code = (int32_t)wh_register(device, WH_REGISTER_FAULT_CODE);
    int32_t command = (int32_t)wh_register(device, WH_REGISTER_FAULT_COMMAND);
    int32_t detail = (int32_t)wh_register(device, WH_REGISTER_FAULT_DETAIL);
    pthread_mutex_lock(&device->lock);
    device->fault[0] = code;
    device->fault[1] = command;
    device->fault[2] = detail;
    pthread_mutex_unlock(&device->lock);
    settle(device, wh_recover(device));
    return WH_DEVICE_FAULT;
}

static int32_t fail(wh_device *device) {
    settle(device, WH_TRANSPORT_FAILED);
    return WH_TRANSPORT_FAILED;
}

/* WH_ABORTED: a reset is asked for, and the job goes on until that is carried out. */
static int32_t run(wh_device *device, const wh_job *job) {
    start(device, job);
    for (;;) {
        int32_t raised = device->ops->interrupt_wait(device->transport, SLICE_NS);
        if (raised < 0) {
            return fail(device);
        }
        if (raised > 0) {
            uint32_t status = wh_register(device, WH_REGISTER_STATUS);
            wh_register_set(device, WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
            if ((status & WH_STATUS_FAULT) != 0) {
                return take_fault(device);
            }
            if ((status & WH_STATUS_DONE) != 0) {
                return WH_OK;
            }
        }
        if (reset_asked_for(device)) {
            return WH_ABORTED;
        }
    }
}

/* The caller holds the lock. */
static void finish(wh_device *device, int32_t result) {
    wh_job *job = device->first;
    device->first = job->next;
    if (device->first == NULL) {
        device->last = NULL;
    }
    job->next = NULL;
    job->result = result;
    job->state = WH_JOB_ENDED;
    pthread_cond_broadcast(&device->changed);
}

/* Ends the running job and the queued ones. The caller holds the lock, which is open while the accelerator is reset. */
static void carry_out_resets(wh_device *device) {
    uint32_t resets = device->resets;
    pthread_mutex_unlock(&device->lock);
    int32_t condition = wh_recover(device);
    pthread_mutex_lock(&device->lock);
    change_condition(device, condition);
    memset(device->fault, 0, sizeof device->fault);
    while (device->first != NULL) {
        finish(device, WH_ABORTED);
    }
    device->resets_done = resets;
    pthread_cond_broadcast(&device->changed);
}

/* The caller holds the lock, which is open while the job runs. */
static void run_first(wh_device *device) {
    const wh_job *job = device->first;
    int32_t result = device->condition;
    if (result == WH_OK) {
        pthread_mutex_unlock(&device->lock);
        result = run(device, job);
        pthread_mutex_lock(&device->lock);
    }
    if (result != WH_ABORTED) {
        finish(device, result);
    }
}

void *wh_worker(void *argument) {
    wh_device *device = argument;
    pthread_mutex_lock(&device->lock);
    while (!device->stopping) {
        if (device->resets != device->resets_done) {
            carry_out_resets(device);
        } else if (device->first != NULL) {
            run_first(device);
        } else {
            pthread_cond_wait(&device->changed, &device->lock);
        }
    }
    pthread_mutex_unlock(&device->lock);
    return NULL;
}
