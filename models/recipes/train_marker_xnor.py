# SPDX-License-Identifier: Apache-2.0
"""marker_xnor: an XNOR-Net, 48x48x3 input: binary weights with a scale factor per filter, binary activations.

    nice -n 10 python3 train_marker_xnor.py

A binary filter is alpha * sign(W), alpha = mean |W|. The spatial factor K of the paper is not used: batch norm and sign
follow every binary layer but the last, and the last layer's norm takes its place there.
"""
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import container
import integer
import training

NAME, SIZE = 'marker_xnor', 48
RESOURCES = Path(__file__).parent.parent / 'src/main/resources/io/windhover/models/zoo'
FAR = 1 << 20


class Sign(torch.autograd.Function):
    """-1 or +1, sign(0) = +1; the gradient passes where |x| <= 1."""

    @staticmethod
    def forward(context, values):
        context.save_for_backward(values)
        return torch.where(values >= 0, 1.0, -1.0)

    @staticmethod
    def backward(context, gradient):
        (values,) = context.saved_tensors
        return gradient * (values.abs() <= 1)


class BinaryConvolution(nn.Module):
    """alpha * (sign(W) * x) with zero contribution from outside the map."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, 3, 3).uniform_(-0.1, 0.1))
        self.stride = stride

    def alpha(self):
        return self.weight.abs().mean((1, 2, 3), keepdim=True)

    def forward(self, bits):
        return F.conv2d(bits, Sign.apply(self.weight) * self.alpha().detach(), None, self.stride, 1)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.first_norm = nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32)
        self.pooled, self.pooled_norm = BinaryConvolution(32, 64), nn.BatchNorm2d(64)
        self.third, self.third_norm = BinaryConvolution(64, 64), nn.BatchNorm2d(64)
        self.fourth, self.fourth_norm = BinaryConvolution(64, 128, 2), nn.BatchNorm2d(128)
        self.last, self.last_norm = BinaryConvolution(128, 128), nn.BatchNorm2d(128)
        self.head = nn.Linear(128, len(training.CLASSES))
        self.quantized_first = False

    def first_sums(self, maps):
        weights = self.first.weight
        if self.quantized_first:
            weights = training.fake_weights(weights, training.weight_scales(weights))
        return F.conv2d(maps, weights, None, 2, 1)

    def pooled_sums(self, maps):
        return self.pooled(Sign.apply(self.first_norm(self.first_sums(maps))))

    def features(self, maps):
        bits = Sign.apply(self.pooled_norm(F.max_pool2d(self.pooled_sums(maps), 2)))
        bits = Sign.apply(self.third_norm(self.third(bits)))
        bits = Sign.apply(self.fourth_norm(self.fourth(bits)))
        return F.relu(self.last_norm(self.last(bits)))

    def forward(self, maps):
        return self.head(self.features(maps).mean((2, 3)))


def affine(norm):
    """Batch norm in double precision as (slope, offset) per channel."""
    slope = norm.weight.detach().double() / torch.sqrt(norm.running_var.double() + norm.eps)
    return slope.numpy(), (norm.bias.detach().double() - norm.running_mean.double() * slope).numpy()


def bits_output(writer, norm, unit):
    """norm(unit * integer) >= 0 as integer thresholds: at or above where the slope is positive, else at or below."""
    slope, offset = affine(norm)
    edge = -offset / np.where(slope == 0, 1, slope) / unit
    threshold = np.where(slope > 0, np.ceil(edge), np.floor(edge) + 1)
    invert = slope < 0
    threshold = np.where(slope == 0, np.where(offset >= 0, -FAR, FAR), threshold)
    return {'type': 'bits', 'threshold': writer.tensor(np.clip(threshold, -FAR, FAR), 'int32'),
            'invert': writer.tensor(invert, 'int8')}


def binary_layer(writer, name, layer, output, padding, flip=None):
    """The header's entry of a binary layer; `flip` negates the filters it names."""
    signs = np.where(layer.weight.detach().numpy() >= 0, 1, -1)
    if flip is not None:
        signs[flip] *= -1
    packed = np.packbits(signs.transpose(0, 2, 3, 1) > 0, axis=-1, bitorder='little')
    entry = {'operator': 'binary_convolution', 'name': name, 'channels': len(signs), 'kernel': 3, 'stride': layer.stride,
             'padding': padding, 'weights': writer.tensor(packed, 'bits'),
             'bias': writer.tensor(np.zeros(len(signs)), 'int32'), 'output': output}
    return entry


def alphas(layer):
    return layer.alpha().detach().numpy().ravel().astype(np.float32)


def first_layer(writer, network):
    weights = network.first.weight.detach()
    scales = training.weight_scales(weights).numpy().astype(np.float32)
    codes = np.clip(np.rint(weights.numpy() / scales[:, None, None, None]), -127, 127).transpose(0, 2, 3, 1)
    return {'operator': 'convolution', 'name': 'first', 'channels': len(scales), 'kernel': 3, 'stride': 2,
            'padding': [1, 1, 0, 0], 'weights': writer.tensor(codes, 'int8'),
            'weight_scales': writer.tensor(scales, 'float32'), 'bias': writer.tensor(np.zeros(len(scales)), 'int32'),
            'output': bits_output(writer, network.first_norm, scales.astype(np.float64) / 128)}


def scaled_layers(writer, network, sums):
    """The binary layer whose alphas are requantisation multipliers, its pool, and the thresholds on the codes."""
    scale = np.float32(float(sums.abs().max()) / 127)
    output = {'type': 'int8', 'scale': container.scale(scale), 'zero_point': 0, 'clamp': [-128, 127]}
    scaled = binary_layer(writer, 'scaled', network.pooled, output, [1, 1, 1, 1])
    scaled['weight_scales'] = writer.tensor(alphas(network.pooled), 'float32')
    pool = {'operator': 'max_pool', 'name': 'pool', 'kernel': 2, 'stride': 2, 'padding': [0, 0, 0, 0]}
    threshold = {'operator': 'threshold', 'name': 'binarize', 'output': bits_output(writer, network.pooled_norm, np.float64(scale))}
    return [scaled, pool, threshold]


def last_layer(writer, network, features):
    """Batch norm and ReLU folded: slope times alpha is the multiplier, its sign goes into the filters."""
    slope, offset = affine(network.last_norm)
    scales = (alphas(network.last) * np.abs(slope)).astype(np.float32)
    scale = np.float32(np.quantile(features.numpy(), 0.9995) / 255)
    output = {'type': 'int8', 'scale': container.scale(scale), 'zero_point': -128, 'clamp': [-128, 127]}
    entry = binary_layer(writer, 'features', network.last, output, [1, 1, 1, 1], slope < 0)
    entry['weight_scales'] = writer.tensor(scales, 'float32')
    entry['bias'] = writer.tensor(np.rint(offset / scales.astype(np.float64)), 'int32')
    return entry


def head_layer(writer, network, logits, input_scale):
    weights, bias = network.head.weight.detach().numpy(), network.head.bias.detach().numpy().astype(np.float64)
    weight_scale = np.float32(np.abs(weights).max() / 127)
    low, high = float(logits.min()), float(logits.max())
    scale = np.float32((high - low) / 255)
    return {'operator': 'fully_connected', 'name': 'logits', 'channels': len(weights),
            'weights': writer.tensor(np.rint(weights / weight_scale), 'int8'),
            'weight_scales': writer.tensor(np.full(len(weights), weight_scale), 'float32'),
            'bias': writer.tensor(np.rint(bias / np.float64(np.float32(input_scale) * weight_scale)), 'int32'),
            'output': {'type': 'int8', 'scale': container.scale(scale),
                       'zero_point': int(np.clip(round(-128 - low / scale), -128, 127)), 'clamp': [-128, 127]}}


@torch.no_grad()
def export(network, pixels):
    network.eval()
    sample = training.to_input(pixels[:1000])
    writer = container.Writer()
    entries = [first_layer(writer, network), *scaled_layers(writer, network, network.pooled_sums(sample))]
    entries.append(binary_layer(writer, 'third', network.third,
                                bits_output(writer, network.third_norm, alphas(network.third).astype(np.float64)), [1, 1, 1, 1]))
    entries.append(binary_layer(writer, 'fourth', network.fourth,
                                bits_output(writer, network.fourth_norm, alphas(network.fourth).astype(np.float64)), [1, 1, 0, 0]))
    entries.append(last_layer(writer, network, network.features(sample)))
    entries.append({'operator': 'average_pool', 'name': 'average', 'kernel': 6, 'stride': 6, 'padding': [0, 0, 0, 0]})
    entries.append(head_layer(writer, network, network(sample), entries[-2]['output']['scale']))
    RESOURCES.mkdir(parents=True, exist_ok=True)
    path = RESOURCES / f'{NAME}.weights'
    writer.save(path, training.header(NAME, SIZE, entries))
    return path


def main():
    training.start()
    (train, train_classes), (test, test_classes) = training.data(SIZE)
    network = Network()
    epochs = 30

    def quantize_late(epoch):
        network.quantized_first = epoch >= epochs * 2 // 3

    training.fit(network, train, train_classes, epochs, rate=4e-3, on_epoch=quantize_late)
    print(f'accuracy with real scales and norms {training.accuracy(network, test, test_classes):.4f}')
    path = export(network, train)
    print(f'{path.name}: {path.stat().st_size} bytes')
    print(f'integer accuracy {integer.accuracy(path, test, test_classes)[0]:.4f}')


if __name__ == '__main__':
    main()
