// SPDX-License-Identifier: Apache-2.0
/*
 * Windhover's driver: one accelerator, its memory and its jobs.
 *
 * Handles are opaque. Functions return a wh_status (WH_OK or a negative code) and write results through the last
 * parameters, which are left alone on failure. "Touched" says whether the accelerator was written to before the code
 * was returned, "retry" whether the same call may succeed later.
 *
 * Threads: every function may be called from any thread. A handle must not be used after, or while, it is closed.
 * Lifetime: buffers and jobs belong to their device and are freed before it.
 */
#ifndef WINDHOVER_H
#define WINDHOVER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WH_ABI_VERSION 3

enum {
    WH_OK = 0,
    WH_INVALID_ARGUMENT = -1,  /* a parameter is out of range. Untouched; no retry */
    WH_NOT_FOUND = -2,         /* the locator names no transport or device. Untouched; no retry */
    WH_CONTRACT_MISMATCH = -3, /* device and driver were built from different contracts. Untouched; no retry */
    WH_NO_MEMORY = -4,         /* no host or device memory left. Untouched; retry after freeing */
    WH_TIMEOUT = -5,           /* not finished in time; the job goes on. Touched; wait again or reset */
    WH_DEVICE_FAULT = -6,      /* the accelerator stopped the job: wh_device_last_fault. Touched; no retry */
    WH_BUSY = -7,              /* the object is in use. Untouched; retry when it is not */
    WH_TRANSPORT_FAILED = -8,  /* the device no longer answers. Touched; close and open it again */
    WH_ABORTED = -9,           /* a reset ended the job before it finished. Touched; submit again */
    WH_DEVICE_DEAD = -10       /* the memory owes answers to a stopped job. Untouched by submit; reset, or reopen */
};

/* What a job's commands may do with a region. The program's own region should be WH_READ_ONLY. */
enum { WH_READ_ONLY = 0, WH_READ_WRITE = 1 };

typedef struct wh_device wh_device;
typedef struct wh_buffer wh_buffer;
typedef struct wh_job wh_job;

/* WH_ABI_VERSION of the library. */
int32_t wh_abi_version(void);

/* Contract digest the library was built with. */
uint64_t wh_contract_digest(void);

/*
 * Opens the device that locator names: SCHEME:CONFIGURATION?OPTIONS, where everything after the colon may be empty.
 * The scheme's transport is libwindhover-SCHEME.so in the folder transports.
 * On failure message (message_bytes long, may be NULL) holds one sentence.
 */
int32_t wh_device_open(const char *locator, const char *transports, char *message, int32_t message_bytes,
                       wh_device **device_out);

/* Frees the device, whatever state it is in. WH_BUSY while buffers or jobs of it exist. NULL is legal. */
int32_t wh_device_close(wh_device *device);

/* Reads count 32-bit registers from offset_bytes on (a multiple of 4; the page is 4096 bytes). */
int32_t wh_device_registers(wh_device *device, int32_t offset_bytes, int32_t count, int32_t *values_out);

/* Entries of the last job's trace, five words each: cycle, layer, busy cycles, stall cycles, start cycle. */
int32_t wh_device_trace(wh_device *device, int32_t maximum_entries, int32_t *words_out, int32_t *entries_out);

/* Fault of the last faulted job: code, command index, detail. All 0 when there was none since open or reset. */
int32_t wh_device_last_fault(wh_device *device, int32_t *code_out, int32_t *command_out, int32_t *detail_out);

/*
 * Stops the running job and drops the queued ones (their waits return WH_ABORTED), then waits until the memory has
 * answered every burst of the stopped job: the device is ready again. WH_DEVICE_DEAD when that takes longer than
 * DRAIN_CYCLES (or 30 s); another reset revives the device once its memory answers. WH_TRANSPORT_FAILED: it stays so.
 */
int32_t wh_device_reset(wh_device *device);

/* Zeroed memory both sides see, aligned to 4096; bytes is 1 to 2^31 - 1. */
int32_t wh_buffer_allocate(wh_device *device, int64_t bytes, wh_buffer **buffer_out);
int32_t wh_buffer_address(wh_buffer *buffer, void **host_out, int64_t *bytes_out);
/* WH_BUSY while a job, in flight or not, names the buffer: free the job first, or give its region another buffer. The
 * memory of a dead device's buffers is kept until it is reset or closed. NULL is legal. */
int32_t wh_buffer_free(wh_buffer *buffer);

/* A job is a program with its regions, prepared once and submitted once a frame. */
int32_t wh_job_create(wh_device *device, wh_job **job_out);
/* Region index (0 to 7) becomes bytes of buffer from offset_bytes on (a multiple of 8), WH_READ_ONLY or WH_READ_WRITE;
 * a store into a read-only region is a fault before anything is written. WH_BUSY while in flight. */
int32_t wh_job_set_region(wh_job *job, int32_t index, wh_buffer *buffer, int64_t offset_bytes, int64_t bytes,
                          int32_t access);
/* The program: 1 to 1,048,575 commands of 64 bytes from offset_bytes (a multiple of 64) of a region. WH_BUSY while in
 * flight. */
int32_t wh_job_set_program(wh_job *job, int32_t region, int32_t offset_bytes, int32_t commands);
/* Cycles without progress after which the accelerator stops the job; 0 never. WH_BUSY while in flight. */
int32_t wh_job_set_watchdog(wh_job *job, int32_t cycles);
/* Queues the job and returns at once; jobs of a device run in order. WH_BUSY while it is in flight; WH_INVALID_ARGUMENT
 * without a program, or when the program does not lie inside its region; WH_DEVICE_DEAD, WH_TRANSPORT_FAILED. */
int32_t wh_job_submit(wh_job *job);
/* Waits until the submitted job ends: WH_OK, WH_DEVICE_FAULT, WH_ABORTED, WH_DEVICE_DEAD (queued behind a job that
 * killed the device), WH_TRANSPORT_FAILED; or WH_TIMEOUT after timeout_ns (monotonic, >= 0). A job ends when the memory
 * has answered its bursts, or the device is dead. WH_INVALID_ARGUMENT when it was never submitted. */
int32_t wh_job_wait(wh_job *job, int64_t timeout_ns);
/* WH_BUSY while in flight. NULL is legal. */
int32_t wh_job_free(wh_job *job);

/* Tells a service manager state, such as "READY=1", by systemd's protocol: a datagram to the socket (a path, or '@' and
 * an abstract name) that its NOTIFY_SOCKET names. Never blocks. WH_INVALID_ARGUMENT; WH_TRANSPORT_FAILED when nobody
 * takes it. */
int32_t wh_notify(const char *socket_path, const char *state);

#ifdef __cplusplus
}
#endif

#endif
