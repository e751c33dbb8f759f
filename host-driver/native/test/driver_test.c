/* The driver under the sanitizers: `make sanitize` runs it once with address and undefined, once with thread. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "windhover.h"

static const char *search_path;

#define CHECK(condition)                                                        \
    do {                                                                        \
        if (!(condition)) {                                                     \
            fprintf(stderr, "%s:%d: %s\n", __func__, __LINE__, #condition);     \
            exit(1);                                                            \
        }                                                                       \
    } while (0)

static wh_device *open_fake(const char *locator) {
    wh_device *device = NULL;
    char message[256] = "";
    CHECK(wh_device_open(locator, search_path, message, sizeof message, &device) == WH_OK);
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
    CHECK(wh_job_free(job) == WH_OK);
    CHECK(wh_buffer_free(buffer) == WH_OK);
    CHECK(wh_device_close(device) == WH_OK);
}

static void bad_arguments_change_nothing(void) {
    wh_device *device = open_fake("fake:");
    wh_buffer *buffer = NULL;
    int32_t value = 42;
    CHECK(wh_device_open(NULL, search_path, NULL, 0, &device) == WH_INVALID_ARGUMENT);
    CHECK(wh_device_open("rtl:a/b", search_path, NULL, 0, &device) == WH_INVALID_ARGUMENT);
    CHECK(wh_buffer_allocate(device, -1, &buffer) == WH_INVALID_ARGUMENT && buffer == NULL);
    CHECK(wh_device_registers(device, 4096, 1, &value) == WH_INVALID_ARGUMENT && value == 42);
    CHECK(wh_device_registers(device, 2, 1, &value) == WH_INVALID_ARGUMENT && value == 42);
    CHECK(wh_device_close(device) == WH_OK);
    CHECK(wh_device_close(NULL) == WH_OK && wh_job_free(NULL) == WH_OK && wh_buffer_free(NULL) == WH_OK);
}

int main(int count, char **arguments) {
    search_path = count > 1 ? arguments[1] : ".";
    frames_run_in_order();
    threads_share_a_device();
    a_reset_ends_a_hung_job();
    bad_arguments_change_nothing();
    puts("driver: 4 tests passed");
    return 0;
}
