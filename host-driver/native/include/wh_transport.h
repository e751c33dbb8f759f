// SPDX-License-Identifier: Apache-2.0
/*
 * How the driver reaches an accelerator: registers, memory the accelerator can read, an interrupt.
 * A transport is a shared library that exports wh_transport_get(). The driver loads libwindhover-SCHEME.so for the
 * locator SCHEME:CONFIGURATION?OPTIONS; what configuration and options mean is the transport's own business.
 * The driver serialises register access; interrupt_wait may run beside it on another thread.
 */
#ifndef WH_TRANSPORT_H
#define WH_TRANSPORT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WH_TRANSPORT_ABI 1

typedef struct wh_transport wh_transport;

typedef struct wh_transport_ops {
    int32_t abi; /* WH_TRANSPORT_ABI */

    /* configuration: letters, digits, '_' and '-', or "" for the transport's default. options: "key=value&key=value"
     * or "". On failure returns a negative value and writes one sentence, NUL-terminated, into message. */
    int32_t (*open)(const char *configuration, const char *options, wh_transport **transport_out, char *message,
                    int32_t message_bytes);
    void (*close)(wh_transport *transport);

    uint32_t (*register_read)(wh_transport *transport, uint32_t offset_bytes);
    void (*register_write)(wh_transport *transport, uint32_t offset_bytes, uint32_t value);

    /* Memory both sides see, zeroed, aligned to 4096. Returns 0, or a negative value when there is none left. */
    int32_t (*memory_allocate)(wh_transport *transport, uint64_t bytes, void **host_out, uint64_t *device_address_out);
    void (*memory_free)(wh_transport *transport, void *host);

    /* 1: the interrupt line is up; 0: timeout_ns (>= 0, monotonic) passed; negative: the transport is broken. */
    int32_t (*interrupt_wait)(wh_transport *transport, int64_t timeout_ns);
} wh_transport_ops;

const wh_transport_ops *wh_transport_get(void);

#ifdef __cplusplus
}
#endif

#endif
