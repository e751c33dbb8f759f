// SPDX-License-Identifier: Apache-2.0
/**
 * Labelled examples to measure a network with: the canonical files of MNIST and CIFAR-10, folders of images, raw
 * tensors.
 */
@NullMarked
package io.windhover.runtime.dataset;

import org.jspecify.annotations.NullMarked;
