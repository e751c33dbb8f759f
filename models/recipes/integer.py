# SPDX-License-Identifier: Apache-2.0
"""Integer evaluation of a weights file, equal to the byte to TensorFlow Lite's reference kernels and to our executors."""
import numpy as np

import container


def quantize_multiplier(real):
    """A positive real factor as (multiplier, shift): multiplier * 2^(shift - 31)."""
    if real == 0:
        return 0, 0
    fraction, shift = np.frexp(np.float64(real))
    multiplier = int(np.floor(fraction * 2 ** 31 + 0.5))
    if multiplier == 1 << 31:
        multiplier, shift = multiplier // 2, shift + 1
    return (0, 0) if shift < -31 else (multiplier, int(shift))


def requantize(accumulators, multipliers, shifts):
    """Double rounding: saturating rounding doubling high multiply, then rounding division by a power of two."""
    accumulators = accumulators.astype(np.int64)
    multipliers, shifts = np.asarray(multipliers, np.int64), np.asarray(shifts, np.int64)
    left, right = np.maximum(shifts, 0), np.maximum(-shifts, 0)
    product = np.clip(accumulators << left, -2 ** 31, 2 ** 31 - 1) * multipliers
    nudged = product + np.where(product >= 0, 1 << 30, 1 - (1 << 30))
    high = np.sign(nudged) * (np.abs(nudged) >> 31)
    mask = (np.int64(1) << right) - 1
    threshold = (mask >> 1) + (high < 0)
    return (high >> right) + ((high & mask) > threshold)


def patches(maps, layer, outside):
    """Sliding windows: (images, rows, columns, channels, kernel rows, kernel columns)."""
    top, left, bottom, right = layer['padding']
    padded = np.pad(maps, ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=outside)
    kernel, stride = layer['kernel'], layer['stride']
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kernel, kernel), (1, 2))
    return windows[:, ::stride, ::stride]


def products(windows, weights):
    """Sums over channels and kernel; weights (output, kernel rows, kernel columns, channels). Exact: below 2^53."""
    count = weights.shape[0]
    columns = windows.transpose(0, 1, 2, 4, 5, 3)
    shape = columns.shape[:3]
    return (columns.reshape(np.prod(shape), -1).astype(np.float64) @ weights.reshape(count, -1).T.astype(np.float64)).astype(
        np.int64).reshape(*shape, count)


def real_multipliers(layer, array, input_scale):
    """One per channel in double precision; a fully-connected layer's product of scales is taken in float32."""
    weight_scales = array(layer['weight_scales'])
    output_scale = np.float64(np.float32(layer['output']['scale']))
    if layer['operator'] == 'fully_connected':
        return np.float64(np.float32(input_scale) * weight_scales) / output_scale
    return np.float64(np.float32(input_scale)) * weight_scales.astype(np.float64) / output_scale


def finish(sums, layer, array, input_scale):
    """Post-processing: int8 codes, or bits as -1 and +1."""
    output = layer['output']
    if output['type'] == 'bits':
        bits = (sums >= array(output['threshold'])) ^ (array(output['invert']) != 0)
        return np.where(bits, 1, -1).astype(np.int8)
    pairs = [quantize_multiplier(real) for real in real_multipliers(layer, array, input_scale)]
    codes = requantize(sums, [p[0] for p in pairs], [p[1] for p in pairs]) + output['zero_point']
    return np.clip(codes, *output['clamp']).astype(np.int8)


def unpack(layer, array, channels):
    """Binary weights as -1 and +1, (output, kernel rows, kernel columns, channels)."""
    packed = array(layer['weights']).reshape(layer['channels'], layer['kernel'], layer['kernel'], -1)
    return np.unpackbits(packed, axis=-1, bitorder='little')[..., :channels].astype(np.int64) * 2 - 1


def run_layer(layer, array, maps, scale, zero_point):
    operator, kernel = layer['operator'], layer.get('kernel')
    channels = maps.shape[-1]
    if operator == 'convolution':
        weights = array(layer['weights']).reshape(layer['channels'], kernel, kernel, channels)
        sums = products(patches(maps.astype(np.int64) - zero_point, layer, 0), weights)
    elif operator == 'depthwise_convolution':
        weights = array(layer['weights']).reshape(kernel, kernel, channels).astype(np.int64)
        sums = np.einsum('nyxcab,abc->nyxc', patches(maps.astype(np.int64) - zero_point, layer, 0), weights)
    elif operator == 'fully_connected':
        weights = array(layer['weights']).reshape(layer['channels'], -1).astype(np.int64)
        sums = (maps.reshape(len(maps), -1).astype(np.int64) - zero_point) @ weights.T
    elif operator == 'binary_convolution':
        sums = products(patches(maps.astype(np.int64), layer, 0), unpack(layer, array, channels))
    elif operator == 'max_pool':
        return patches(maps, layer, -128).max((4, 5))
    elif operator == 'average_pool':
        sums = patches(maps, layer, 0).astype(np.int64).sum((4, 5))
        return (np.sign(sums) * ((np.abs(sums) + kernel * kernel // 2) // (kernel * kernel))).astype(np.int8)
    elif operator == 'threshold':
        return finish(maps.astype(np.int64), layer, array, scale)
    else:
        raise ValueError(f"no operator '{operator}'")
    return finish(sums + array(layer['bias']), layer, array, scale)


def run(path, pixels):
    """Logit codes of pictures (count, size, size, 3) uint8; a softmax behind them is left out."""
    header, array = container.load(path)
    maps = (pixels.astype(np.int16) - 128).astype(np.int8)
    scale, zero_point = header['input']['scale'], header['input']['zero_point']
    for layer in header['layers']:
        if layer['operator'] == 'softmax':
            continue
        maps = run_layer(layer, array, maps, scale, zero_point)
        output = layer.get('output')
        if output:
            scale, zero_point = (output['scale'], output['zero_point']) if output['type'] == 'int8' else (1.0, 0)
    return maps.reshape(len(maps), -1)


def accuracy(path, pixels, classes, batch=100):
    logits = np.concatenate([run(path, pixels[i:i + batch]) for i in range(0, len(pixels), batch)])
    return float((logits.argmax(1) == classes).mean()), logits
