// SPDX-License-Identifier: Apache-2.0
/* Memory that host and accelerator share. */
#include <stdlib.h>

#include "wh_internal.h"

WH_EXPORT int32_t wh_buffer_allocate(wh_device *device, int64_t bytes, wh_buffer **buffer_out) {
    if (device == NULL || buffer_out == NULL || bytes < 1 || bytes > INT32_MAX) {
        return WH_INVALID_ARGUMENT;
    }
    wh_buffer *buffer = calloc(1, sizeof *buffer);
    if (buffer == NULL) {
        return WH_NO_MEMORY;
    }
    buffer->device = device;
    buffer->bytes = bytes;
    pthread_mutex_lock(&device->lock);
    int32_t status = device->ops->memory_allocate(device->transport, (uint64_t)bytes, &buffer->host, &buffer->address);
    if (status >= 0) {
        device->children++;
    }
    pthread_mutex_unlock(&device->lock);
    if (status < 0) {
        free(buffer);
        return WH_NO_MEMORY;
    }
    *buffer_out = buffer;
    return WH_OK;
}

WH_EXPORT int32_t wh_buffer_address(wh_buffer *buffer, void **host_out, int64_t *bytes_out) {
    if (buffer == NULL || host_out == NULL || bytes_out == NULL) {
        return WH_INVALID_ARGUMENT;
    }
    *host_out = buffer->host;
    *bytes_out = buffer->bytes;
    return WH_OK;
}

WH_EXPORT int32_t wh_buffer_free(wh_buffer *buffer) {
    if (buffer == NULL) {
        return WH_OK;
    }
    wh_device *device = buffer->device;
    pthread_mutex_lock(&device->lock);
    if (buffer->users > 0) {
        pthread_mutex_unlock(&device->lock);
        return WH_BUSY;
    }
    buffer->next = device->kept;
    device->kept = buffer;
    device->children--;
    if (device->condition == WH_OK) {
        wh_release_kept(device);
    }
    pthread_mutex_unlock(&device->lock);
    return WH_OK;
}

void wh_release_kept(wh_device *device) {
    while (device->kept != NULL) {
        wh_buffer *buffer = device->kept;
        device->kept = buffer->next;
        device->ops->memory_free(device->transport, buffer->host);
        free(buffer);
    }
}
