// SPDX-License-Identifier: Apache-2.0
/* The driver under the sanitizers: `make sanitize` runs it once with address and undefined, once with thread. */
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "windhover.h"
#include "windhover_contract.h"

static const char *transports;

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __func__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

static wh_device *open_fake(const char *locator) {
    wh_device *device = NULL;
    char message[256] = "";
    CHECK(wh_device_open(locator, transports, message, sizeof message, &device) == WH_OK);
    return device;
}

static wh_job *prepare(wh_device *device, wh_buffer **buffer_out) {
    wh_job *job = NULL;
    CHECK(wh_buffer_allocate(device, 4096, buffer_out) == WH_OK);
    CHECK(wh_job_create(device, &job) == WH_OK);
    CHECK(wh_job_set_region(job, 0, *buffer_out, 0, 4096, WH_READ_WRITE) == WH_OK);
    CHECK(wh_job_set_program(job, 0, 0, 1) == WH_OK);
    return job;
}

static void frames_run_in_order(void) {
    wh_device *device = open_fake("fake:");
    wh_buffer *buffers[2];
    wh_job *jobs[2] = {prepare(device, &buffers[0]), prepare(device, &buffers[1])};
    for (int i = 0; i < 1000; i++) {
        CHECK(wh_job_submit(jobs[i % 2]) == WH_OK);
        if (i > 0) {
            CHECK(wh_job_wait(jobs[(i + 1) % 2], 1000000000) == WH_OK);
        }
    }
    CHECK(wh_device_close(device) == WH_BUSY);
    for (int i = 0; i < 2; i++) {
        CHECK(wh_job_wait(jobs[i], 1000000000) == WH_OK);
        CHECK(wh_job_free(jobs[i]) == WH_OK);
        CHECK(wh_buffer_free(buffers[i]) == WH_OK);
    }
    CHECK(wh_device_close(device) == WH_OK);
}

static void *submit_and_wait(void *argument) {
    wh_device *device = argument;
    wh_buffer *buffer;
    wh_job *job = prepare(device, &buffer);
    for (int i = 0; i < 300; i++) {
        CHECK(wh_job_submit(job) == WH_OK);
        CHECK(wh_job_wait(job, 2000000000) == WH_OK);
    }
    CHECK(wh_job_free(job) == WH_OK);
    CHECK(wh_buffer_free(buffer) == WH_OK);
    return NULL;
}

static void threads_share_a_device(void) {
    wh_device *device = open_fake("fake:");
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, submit_and_wait, device) == 0);
    }
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(wh_device_close(device) == WH_OK);
}

static void end(wh_device *device, wh_job *job, wh_buffer *buffer) {
    CHECK(wh_job_free(job) == WH_OK);
    CHECK(wh_buffer_free(buffer) == WH_OK);
    CHECK(wh_device_close(device) == WH_OK);
}

static void a_reset_ends_a_hung_job(void) {
    wh_device *device = open_fake("fake:?hang=1");
    wh_buffer *buffer;
    wh_job *job = prepare(device, &buffer);
    CHECK(wh_job_wait(job, 0) == WH_INVALID_ARGUMENT);
    CHECK(wh_job_submit(job) == WH_OK);
    CHECK(wh_job_wait(job, 1000000) == WH_TIMEOUT);
    CHECK(wh_buffer_free(buffer) == WH_BUSY);
    CHECK(wh_device_reset(device) == WH_OK);
    CHECK(wh_job_wait(job, 1000000) == WH_ABORTED);
    end(device, job, buffer);
}

/* The transport ends the program when the driver rings the doorbell, or frees memory, before the drain is over. */
static void a_stopped_job_ends_when_its_bursts_have(const char *locator, int32_t result) {
    wh_device *device = open_fake(locator);
    wh_buffer *buffers[2];
    wh_job *jobs[2] = {prepare(device, &buffers[0]), prepare(device, &buffers[1])};
    for (int i = 0; i < 5; i++) {
        CHECK(wh_job_submit(jobs[0]) == WH_OK);
        if (result == WH_ABORTED) {
            CHECK(wh_device_reset(device) == WH_OK);
        }
        CHECK(wh_job_wait(jobs[0], INT64_MAX) == result);
        CHECK(wh_job_submit(jobs[1]) == WH_OK);
        CHECK(wh_device_reset(device) == WH_OK);
    }
    CHECK(wh_job_free(jobs[1]) == WH_OK && wh_buffer_free(buffers[1]) == WH_OK);
    end(device, jobs[0], buffers[0]);
}

static void a_dead_device_says_so_until_a_reset_revives_it(void) {
    wh_device *device = open_fake("fake:?fault=6&dead=2");
    wh_buffer *buffers[3];
    void *host;
    int64_t bytes;
    int32_t fault[3];
    wh_job *jobs[3] = {prepare(device, &buffers[0]), prepare(device, &buffers[1]), prepare(device, &buffers[2])};
    CHECK(wh_job_submit(jobs[0]) == WH_OK);
    int32_t queued = wh_job_submit(jobs[1]);
    CHECK(wh_job_wait(jobs[0], INT64_MAX) == WH_DEVICE_FAULT);
    CHECK(wh_device_last_fault(device, &fault[0], &fault[1], &fault[2]) == WH_OK && fault[0] == 6 && fault[1] == 7);
    CHECK(queued == WH_DEVICE_DEAD || wh_job_wait(jobs[1], INT64_MAX) == WH_DEVICE_DEAD);
    CHECK(wh_job_submit(jobs[2]) == WH_DEVICE_DEAD);
    CHECK(wh_buffer_address(buffers[2], &host, &bytes) == WH_OK);
    CHECK(wh_job_free(jobs[2]) == WH_OK && wh_buffer_free(buffers[2]) == WH_OK);
    memset(host, 1, (size_t)bytes); /* the accelerator may still do that: the memory is kept */
    CHECK(wh_device_reset(device) == WH_OK);
    CHECK(wh_device_last_fault(device, &fault[0], &fault[1], &fault[2]) == WH_OK && fault[0] == 0);
    CHECK(wh_job_submit(jobs[1]) == WH_OK && wh_job_wait(jobs[1], INT64_MAX) == WH_DEVICE_FAULT);
    CHECK(wh_job_free(jobs[1]) == WH_OK && wh_buffer_free(buffers[1]) == WH_OK);
    end(device, jobs[0], buffers[0]);
}

static void wait_until_it_runs(wh_device *device) {
    int32_t status = 0;
    while (((uint32_t)status & WH_STATUS_BUSY) == 0) {
        CHECK(wh_device_registers(device, WH_REGISTER_STATUS, 1, &status) == WH_OK);
    }
}

static void a_dead_device_can_be_closed(void) {
    wh_device *device = open_fake("fake:?hang=1&dead=9");
    wh_buffer *buffer;
    wh_job *job = prepare(device, &buffer);
    CHECK(wh_job_submit(job) == WH_OK);
    wait_until_it_runs(device);
    CHECK(wh_device_reset(device) == WH_DEVICE_DEAD);
    CHECK(wh_job_wait(job, 0) == WH_ABORTED);
    CHECK(wh_job_submit(job) == WH_DEVICE_DEAD);
    end(device, job, buffer);
}

static void a_broken_transport_stays_so(void) {
    wh_device *device = open_fake("fake:?broken=1");
    wh_buffer *buffer;
    wh_job *job = prepare(device, &buffer);
    CHECK(wh_job_submit(job) == WH_OK);
    CHECK(wh_job_wait(job, INT64_MAX) == WH_TRANSPORT_FAILED);
    CHECK(wh_job_submit(job) == WH_TRANSPORT_FAILED);
    end(device, job, buffer);
}

static void *reset_often(void *argument) {
    for (int i = 0; i < 200; i++) {
        CHECK(wh_device_reset(argument) == WH_OK);
    }
    return NULL;
}

/* A reset that is carried out late must not stop a job that was submitted after it. */
static void resets_beside_jobs_lose_none(void) {
    wh_device *device = open_fake("fake:?drain=2");
    wh_buffer *buffer;
    wh_job *job = prepare(device, &buffer);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, reset_often, device) == 0);
    for (int i = 0; i < 300; i++) {
        CHECK(wh_job_submit(job) == WH_OK);
        int32_t status = wh_job_wait(job, 10000000000);
        CHECK(status == WH_OK || status == WH_ABORTED);
    }
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(wh_job_submit(job) == WH_OK && wh_job_wait(job, 10000000000) == WH_OK);
    end(device, job, buffer);
}

static void a_buffer_that_an_idle_job_names_is_in_use(void) {
    wh_device *device = open_fake("fake:");
    wh_buffer *first;
    wh_buffer *second;
    wh_job *job = prepare(device, &first);
    CHECK(wh_buffer_allocate(device, 64, &second) == WH_OK);
    CHECK(wh_job_set_region(job, 1, first, 64, 64, WH_READ_ONLY) == WH_OK);
    CHECK(wh_buffer_free(first) == WH_BUSY);
    CHECK(wh_job_set_region(job, 0, second, 0, 64, WH_READ_ONLY) == WH_OK);
    CHECK(wh_buffer_free(first) == WH_BUSY);
    CHECK(wh_job_set_region(job, 1, second, 0, 64, WH_READ_ONLY) == WH_OK);
    CHECK(wh_buffer_free(first) == WH_OK);
    CHECK(wh_job_set_region(job, 1, second, 0, 64, WH_READ_ONLY) == WH_OK);
    CHECK(wh_job_submit(job) == WH_OK && wh_job_wait(job, INT64_MAX) == WH_OK);
    CHECK(wh_buffer_free(second) == WH_BUSY);
    end(device, job, second);
}

static void a_program_lies_in_its_region(void) {
    wh_device *device = open_fake("fake:");
    wh_buffer *buffer;
    wh_job *job = prepare(device, &buffer);
    CHECK(wh_job_set_program(job, 0, 0, 65) == WH_OK);
    CHECK(wh_job_submit(job) == WH_INVALID_ARGUMENT);
    CHECK(wh_job_set_program(job, 0, 64, 64) == WH_OK);
    CHECK(wh_job_submit(job) == WH_INVALID_ARGUMENT);
    CHECK(wh_job_set_program(job, 0, INT32_MAX - 63, 1 << 20) == WH_INVALID_ARGUMENT);
    CHECK(wh_job_set_program(job, 0, INT32_MAX - 63, (1 << 20) - 1) == WH_OK);
    CHECK(wh_job_submit(job) == WH_INVALID_ARGUMENT);
    CHECK(wh_job_set_program(job, 1, 0, 1) == WH_OK);
    CHECK(wh_job_submit(job) == WH_INVALID_ARGUMENT);
    CHECK(wh_job_set_program(job, 0, 0, 64) == WH_OK);
    CHECK(wh_job_submit(job) == WH_OK && wh_job_wait(job, INT64_MAX) == WH_OK);
    end(device, job, buffer);
}

static void bad_arguments_change_nothing(void) {
    wh_device *device = open_fake("fake:");
    wh_buffer *buffer = NULL;
    int32_t values[1024] = {42};
    CHECK(wh_device_open(NULL, transports, NULL, 0, &device) == WH_INVALID_ARGUMENT);
    CHECK(wh_device_open("fake:a/b", transports, NULL, 0, &device) == WH_INVALID_ARGUMENT);
    CHECK(wh_buffer_allocate(device, -1, &buffer) == WH_INVALID_ARGUMENT && buffer == NULL);
    CHECK(wh_buffer_allocate(device, INT64_MAX, &buffer) == WH_INVALID_ARGUMENT && buffer == NULL);
    CHECK(wh_device_registers(device, 4096, 1, values) == WH_INVALID_ARGUMENT && values[0] == 42);
    CHECK(wh_device_registers(device, 2, 1, values) == WH_INVALID_ARGUMENT && values[0] == 42);
    CHECK(wh_device_registers(device, INT32_MAX - 3, 1024, values) == WH_INVALID_ARGUMENT && values[0] == 42);
    CHECK(wh_device_registers(device, 4, 1024, values) == WH_INVALID_ARGUMENT && values[0] == 42);
    CHECK(wh_device_registers(device, 0, INT32_MAX, values) == WH_INVALID_ARGUMENT && values[0] == 42);
    CHECK(wh_device_registers(device, 0, 1024, values) == WH_OK &&
          wh_device_registers(device, 4096, 0, values) == WH_OK);
    CHECK(wh_device_close(device) == WH_OK);
    CHECK(wh_device_close(NULL) == WH_OK && wh_job_free(NULL) == WH_OK && wh_buffer_free(NULL) == WH_OK);
}

static void regions_lie_in_their_buffer(void) {
    wh_device *device = open_fake("fake:");
    wh_buffer *buffer;
    wh_job *job = prepare(device, &buffer);
    const int64_t huge = INT64_MAX - 7;
    CHECK(wh_job_set_region(job, 0, buffer, huge, 8, WH_READ_ONLY) == WH_INVALID_ARGUMENT);
    CHECK(wh_job_set_region(job, 0, buffer, 8, INT64_MAX, WH_READ_ONLY) == WH_INVALID_ARGUMENT);
    CHECK(wh_job_set_region(job, 0, buffer, huge, INT64_MAX, WH_READ_ONLY) == WH_INVALID_ARGUMENT);
    CHECK(wh_job_set_region(job, 0, buffer, 8, 4089, WH_READ_ONLY) == WH_INVALID_ARGUMENT);
    CHECK(wh_job_set_region(job, 0, buffer, 0, 4096, 2) == WH_INVALID_ARGUMENT);
    CHECK(wh_job_set_region(job, 0, buffer, 8, 4088, WH_READ_ONLY) == WH_OK);
    end(device, job, buffer);
}

static void jobs_that_are_reset_and_fault_leave_nothing_outstanding(void) {
    a_stopped_job_ends_when_its_bursts_have("fake:?fault=3&drain=4", WH_DEVICE_FAULT);
    a_stopped_job_ends_when_its_bursts_have("fake:?hang=1&drain=4", WH_ABORTED);
}

static void a_service_manager_is_told(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int manager = socket(AF_UNIX, SOCK_DGRAM, 0);
    char name[64];
    char heard[64] = "";
    snprintf(name, sizeof name, "@windhover-test-%ld", (long)getpid());
    memcpy(address.sun_path + 1, name + 1, strlen(name) - 1);
    CHECK(wh_notify(name, "READY=1") == WH_TRANSPORT_FAILED);
    CHECK(bind(manager, (struct sockaddr *)&address,
               (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))) == 0);
    CHECK(wh_notify(name, "READY=1") == WH_OK);
    CHECK(recv(manager, heard, sizeof heard - 1, 0) == 7 && strcmp(heard, "READY=1") == 0);
    CHECK(wh_notify("relative", "READY=1") == WH_INVALID_ARGUMENT && wh_notify(NULL, "") == WH_INVALID_ARGUMENT);
    CHECK(wh_notify(name, NULL) == WH_INVALID_ARGUMENT);
    close(manager);
}

int main(int count, char **arguments) {
    static void (*const tests[])(void) = {
        frames_run_in_order,
        threads_share_a_device,
        a_reset_ends_a_hung_job,
        jobs_that_are_reset_and_fault_leave_nothing_outstanding,
        a_dead_device_says_so_until_a_reset_revives_it,
        a_dead_device_can_be_closed,
        a_broken_transport_stays_so,
        resets_beside_jobs_lose_none,
        a_buffer_that_an_idle_job_names_is_in_use,
        a_program_lies_in_its_region,
        regions_lie_in_their_buffer,
        bad_arguments_change_nothing,
        a_service_manager_is_told,
    };
    const size_t tests_count = sizeof tests / sizeof tests[0];
    transports = count > 1 ? arguments[1] : ".";
    for (size_t i = 0; i < tests_count; i++) {
        tests[i]();
    }
    printf("%zu passed, 0 failed, 0 skipped\n", tests_count);
    return 0;
}
