// SPDX-License-Identifier: Apache-2.0
/**
 * What a service is told to do. {@link io.windhover.runtime.serve.configuration.ServiceConfiguration#read} reads it
 * from YAML; {@code runtime/doc/serve.schema.json} is the same as a JSON Schema.
 */
@NullMarked
package io.windhover.runtime.serve.configuration;

import org.jspecify.annotations.NullMarked;
