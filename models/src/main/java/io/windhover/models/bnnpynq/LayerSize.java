// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.bnnpynq;

/**
 * What the file names and sizes of a layer are held against.
 *
 * @param inputs of each neuron
 */
record LayerSize(int index, int neurons, int inputs) {}
