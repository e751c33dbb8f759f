// SPDX-License-Identifier: Apache-2.0
/* Jobs: a program with its regions, submitted and awaited. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "wh_internal.h"

WH_EXPORT int32_t wh_job_create(wh_device *device, wh_job **job_out) {
    if (device == NULL || job_out == NULL) {
        return WH_INVALID_ARGUMENT;
    }
    wh_job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        return WH_NO_MEMORY;
    }
    job->device = device;
    pthread_mutex_lock(&device->lock);
    device->children++;
    pthread_mutex_unlock(&device->lock);
    *job_out = job;
    return WH_OK;
}

/* Locks the device when the job may be changed; otherwise leaves it unlocked and says why. */
static int32_t lock_idle(wh_job *job) {
    pthread_mutex_lock(&job->device->lock);
    if (job->state == WH_JOB_IN_FLIGHT) {
        pthread_mutex_unlock(&job->device->lock);
        return WH_BUSY;
    }
    return WH_OK;
}

/* The region no longer names its buffer. The caller holds the lock. */
static void leave(wh_region *region) {
    if (region->buffer != NULL) {
        region->buffer->users--;
        region->buffer = NULL;
    }
}

WH_EXPORT int32_t wh_job_set_region(wh_job *job, int32_t index, wh_buffer *buffer, int64_t offset_bytes, int64_t bytes,
                                    int32_t access) {
    if (job == NULL || index < 0 || index >= WH_REGIONS || buffer == NULL || buffer->device != job->device ||
        offset_bytes < 0 || offset_bytes % 8 != 0 || bytes < 0 || bytes > buffer->bytes - offset_bytes ||
        (access != WH_READ_ONLY && access != WH_READ_WRITE)) {
        return WH_INVALID_ARGUMENT;
    }
    int32_t status = lock_idle(job);
    if (status == WH_OK) {
        wh_region region = {buffer, buffer->address + (uint64_t)offset_bytes, (uint32_t)bytes, access == WH_READ_WRITE};
        buffer->users++;
        leave(&job->regions[index]);
        job->regions[index] = region;
        pthread_mutex_unlock(&job->device->lock);
    }
    return status;
}

WH_EXPORT int32_t wh_job_set_program(wh_job *job, int32_t region, int32_t offset_bytes, int32_t commands) {
    if (job == NULL || region < 0 || region >= WH_REGIONS || offset_bytes < 0 || offset_bytes % 64 != 0 ||
        commands < 1 || commands > WH_PROGRAM_COMMANDS_LIMIT) {
        return WH_INVALID_ARGUMENT;
    }
    int32_t status = lock_idle(job);
    if (status == WH_OK) {
        job->program_region = (uint32_t)region;
        job->program_offset = (uint32_t)offset_bytes;
        job->program_commands = (uint32_t)commands;
        pthread_mutex_unlock(&job->device->lock);
    }
    return status;
}

WH_EXPORT int32_t wh_job_set_watchdog(wh_job *job, int32_t cycles) {
    if (job == NULL || cycles < 0) {
        return WH_INVALID_ARGUMENT;
    }
    int32_t status = lock_idle(job);
    if (status == WH_OK) {
        job->watchdog_cycles = (uint32_t)cycles;
        pthread_mutex_unlock(&job->device->lock);
    }
    return status;
}

/* The caller holds the lock. */
static int32_t check_ready(const wh_job *job) {
    uint64_t end = job->program_offset + (uint64_t)job->program_commands * WH_COMMAND_WORDS * 8;
    if (job->program_commands == 0 || end > job->regions[job->program_region].bytes) {
        return WH_INVALID_ARGUMENT;
    }
    return job->device->condition;
}

WH_EXPORT int32_t wh_job_submit(wh_job *job) {
    if (job == NULL) {
        return WH_INVALID_ARGUMENT;
    }
    int32_t status = lock_idle(job);
    if (status != WH_OK) {
        return status;
    }
    wh_device *device = job->device;
    status = check_ready(job);
    if (status != WH_OK) {
        pthread_mutex_unlock(&device->lock);
        return status;
    }
    job->state = WH_JOB_IN_FLIGHT;
    if (device->last != NULL) {
        device->last->next = job;
    } else {
        device->first = job;
    }
    device->last = job;
    pthread_cond_broadcast(&device->changed);
    pthread_mutex_unlock(&device->lock);
    return WH_OK;
}

/* At most 31 years on: more does not fit a 32-bit time_t. */
static struct timespec deadline_after(int64_t timeout_ns) {
    const int64_t most_ns = INT64_C(1000000000) * 1000000000;
    struct timespec deadline;
    timeout_ns = timeout_ns < most_ns ? timeout_ns : most_ns;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += (time_t)(timeout_ns / 1000000000);
    deadline.tv_nsec += (long)(timeout_ns % 1000000000);
    if (deadline.tv_nsec >= 1000000000) {
        deadline.tv_nsec -= 1000000000;
        deadline.tv_sec++;
    }
    return deadline;
}

WH_EXPORT int32_t wh_job_wait(wh_job *job, int64_t timeout_ns) {
    if (job == NULL || timeout_ns < 0) {
        return WH_INVALID_ARGUMENT;
    }
    wh_device *device = job->device;
    struct timespec deadline = deadline_after(timeout_ns);
    int32_t status = WH_INVALID_ARGUMENT;
    pthread_mutex_lock(&device->lock);
    int waited = 0;
    while (job->state == WH_JOB_IN_FLIGHT && waited != ETIMEDOUT) {
        waited = pthread_cond_timedwait(&device->changed, &device->lock, &deadline);
    }
    if (job->state == WH_JOB_IN_FLIGHT) {
        status = WH_TIMEOUT;
    } else if (job->state == WH_JOB_ENDED) {
        status = job->result;
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

WH_EXPORT int32_t wh_job_free(wh_job *job) {
    if (job == NULL) {
        return WH_OK;
    }
    int32_t status = lock_idle(job);
    if (status == WH_OK) {
        wh_device *device = job->device;
        for (uint32_t i = 0; i < WH_REGIONS; i++) {
            leave(&job->regions[i]);
        }
        device->children--;
        pthread_mutex_unlock(&device->lock);
        free(job);
    }
    return status;
}
