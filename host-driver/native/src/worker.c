/* One thread a device takes jobs in order, starts each, and waits for its end. */
#include "wh_internal.h"

/* Short enough that a reset or close is noticed at once by a person, long enough to cost nothing. */
static const int64_t SLICE_NS = 20 * 1000 * 1000;

static const uint32_t STATUS_DONE = 2;
static const uint32_t STATUS_FAULT = 4;

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
    wh_register_set(device, WH_REGISTER_INTERRUPT, 1);
    wh_register_set(device, WH_REGISTER_DOORBELL, 1);
}

static bool cancelled(wh_device *device, uint32_t resets) {
    pthread_mutex_lock(&device->lock);
    bool cancel = device->stopping || device->resets != resets;
    pthread_mutex_unlock(&device->lock);
    return cancel;
}

static int32_t take_fault(wh_device *device) {
    int32_t code = (int32_t)wh_register(device, WH_REGISTER_FAULT_CODE);
    int32_t command = (int32_t)wh_register(device, WH_REGISTER_FAULT_COMMAND);
    int32_t detail = (int32_t)wh_register(device, WH_REGISTER_FAULT_DETAIL);
    pthread_mutex_lock(&device->lock);
    device->fault[0] = code;
    device->fault[1] = command;
    device->fault[2] = detail;
    pthread_mutex_unlock(&device->lock);
    wh_register_set(device, WH_REGISTER_CONTROL, 3);
    return WH_DEVICE_FAULT;
}

static int32_t run(wh_device *device, const wh_job *job, uint32_t resets) {
    start(device, job);
    for (;;) {
        int32_t raised = device->ops->interrupt_wait(device->transport, SLICE_NS);
        if (raised < 0) {
            return WH_TRANSPORT_FAILED;
        }
        if (raised > 0) {
            uint32_t status = wh_register(device, WH_REGISTER_STATUS);
            wh_register_set(device, WH_REGISTER_INTERRUPT, 1);
            if (status & STATUS_FAULT) {
                return take_fault(device);
            }
            if (status & STATUS_DONE) {
                return WH_OK;
            }
        }
        if (cancelled(device, resets)) {
            wh_register_set(device, WH_REGISTER_CONTROL, 3);
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
    for (uint32_t i = 0; i < WH_REGIONS; i++) {
        if (job->regions[i].buffer != NULL) {
            job->regions[i].buffer->in_flight--;
        }
    }
    job->next = NULL;
    job->result = result;
    job->state = WH_JOB_ENDED;
    pthread_cond_broadcast(&device->changed);
}

void *wh_worker(void *argument) {
    wh_device *device = argument;
    uint32_t resets = 0;
    pthread_mutex_lock(&device->lock);
    while (!device->stopping) {
        if (device->resets != resets) {
            while (device->first != NULL) {
                finish(device, WH_ABORTED);
            }
            resets = device->resets;
        }
        if (device->first == NULL) {
            pthread_cond_wait(&device->changed, &device->lock);
            continue;
        }
        wh_job *job = device->first;
        pthread_mutex_unlock(&device->lock);
        int32_t result = run(device, job, resets);
        pthread_mutex_lock(&device->lock);
        finish(device, result);
    }
    pthread_mutex_unlock(&device->lock);
    return NULL;
}
