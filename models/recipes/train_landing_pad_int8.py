# SPDX-License-Identifier: Apache-2.0
"""landing_pad_int8: MobileNet-like blocks, 64x64x3 input. Float training, folding, quantisation-aware fine-tuning, export.

    nice -n 10 python3 train_landing_pad_int8.py
"""
import copy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import container
import integer
import training

NAME, SIZE = 'landing_pad_int8', 64
RESOURCES = Path(__file__).parent.parent / 'src/main/resources/io/windhover/models/zoo'
FIRST = 16
# (stride of the depthwise layer, output channels of the pointwise layer)
BLOCKS = [(1, 24), (2, 48), (1, 48), (2, 96), (1, 96), (2, 128)]
SIX = np.float32(6 / 255)


class Layer(nn.Module):
    """Convolution with TensorFlow's SAME padding, batch norm, ReLU6; after fold(), bias and fake quantisation instead."""

    def __init__(self, inputs, outputs, kernel, stride, groups=1):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, kernel, stride, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.folded = False

    def padding(self, size):
        kernel, stride = self.convolution.kernel_size[0], self.convolution.stride[0]
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        return total // 2, total - total // 2

    def forward(self, maps):
        before, after = self.padding(maps.shape[-1])
        maps = F.pad(maps, (before, after, before, after))
        conv = self.convolution
        if not self.folded:
            return F.relu6(self.norm(conv(maps)))
        weights = training.fake_weights(conv.weight, training.weight_scales(conv.weight))
        sums = F.conv2d(maps, weights, conv.bias, conv.stride, groups=conv.groups)
        return training.fake_codes(sums, float(SIX), -128)

    def fold(self):
        slope = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
        self.convolution.weight.data *= slope.detach().view(-1, 1, 1, 1)
        self.convolution.bias = nn.Parameter((self.norm.bias - self.norm.running_mean * slope).detach())
        self.norm = None
        self.folded = True


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        stack, channels = [Layer(3, FIRST, 3, 2)], FIRST
        for stride, outputs in BLOCKS:
            stack += [Layer(channels, channels, 3, stride, groups=channels), Layer(channels, outputs, 1, 1)]
            channels = outputs
        self.stack = nn.Sequential(*stack)
        self.head = nn.Linear(channels, len(training.CLASSES))

    def forward(self, maps):
        return self.head(self.stack(maps).mean((2, 3)))

    def fold(self):
        for layer in self.stack:
            layer.fold()


def quantized_layer(writer, layer, name, size, input_scale):
    """The header's entry of one folded layer, its numbers written."""
    conv = layer.convolution
    weights = conv.weight.detach()
    scales = training.weight_scales(weights).numpy().astype(np.float32)
    codes = np.clip(np.rint(weights.numpy() / scales[:, None, None, None]), -127, 127)
    bias = np.rint(conv.bias.detach().numpy().astype(np.float64) / (np.float64(input_scale) * scales))
    depthwise = conv.groups > 1
    before, after = layer.padding(size)
    return {
        'operator': 'depthwise_convolution' if depthwise else 'convolution',
        'name': name,
        'channels': len(scales),
        'kernel': conv.kernel_size[0],
        'stride': conv.stride[0],
        'padding': [before, before, after, after],
        'weights': writer.tensor(codes[:, 0].transpose(1, 2, 0) if depthwise else codes.transpose(0, 2, 3, 1), 'int8'),
        'weight_scales': writer.tensor(scales, 'float32'),
        'bias': writer.tensor(bias, 'int32'),
        'output': {'type': 'int8', 'scale': container.scale(SIX), 'zero_point': -128, 'clamp': [-128, 127]},
    }


def quantized_stack(writer, stack, size):
    """The entries of all folded layers, over pictures of this size, and the size of their maps."""
    entries, scale = [], np.float32(1 / 128)
    for number, layer in enumerate(stack):
        kind = 'first' if number == 0 else f"block{(number + 1) // 2}_{'depthwise' if number % 2 else 'pointwise'}"
        entries.append(quantized_layer(writer, layer, kind, size, scale))
        size, scale = -(-size // layer.convolution.stride[0]), SIX
    return entries, size


def head_layer(writer, head, logits):
    """The fully-connected layer: one weight scale, logits' scale from the training set's range."""
    weights, bias = head.weight.detach().numpy(), head.bias.detach().numpy().astype(np.float64)
    weight_scale = np.float32(np.abs(weights).max() / 127)
    low, high = float(logits.min()), float(logits.max())
    scale = np.float32((high - low) / 255)
    return {
        'operator': 'fully_connected',
        'name': 'logits',
        'channels': len(weights),
        'weights': writer.tensor(np.rint(weights / weight_scale), 'int8'),
        'weight_scales': writer.tensor(np.full(len(weights), weight_scale), 'float32'),
        'bias': writer.tensor(np.rint(bias / np.float64(SIX * weight_scale)), 'int32'),
        'output': {'type': 'int8', 'scale': container.scale(scale),
                   'zero_point': int(np.clip(round(-128 - low / scale), -128, 127)), 'clamp': [-128, 127]},
    }


def export(network, pixels):
    writer = container.Writer()
    entries, size = quantized_stack(writer, network.stack, SIZE)
    entries.append({'operator': 'average_pool', 'name': 'average', 'kernel': size, 'stride': size, 'padding': [0, 0, 0, 0]})
    with torch.no_grad():
        entries.append(head_layer(writer, network.head, network(training.to_input(pixels[:1000]))))
    RESOURCES.mkdir(parents=True, exist_ok=True)
    path = RESOURCES / f'{NAME}.weights'
    writer.save(path, training.header(NAME, SIZE, entries))
    return path


def main():
    training.start()
    (train, train_classes), (test, test_classes) = training.data(SIZE)
    network = Network()
    training.fit(network, train, train_classes, epochs=24, rate=4e-3, weight_decay=1e-3)
    print(f'float accuracy {training.accuracy(network, test, test_classes):.4f}')
    quantized = copy.deepcopy(network)
    quantized.eval()
    quantized.fold()
    print(f'folded and rounded {training.accuracy(quantized, test, test_classes):.4f}')
    training.fit(quantized, train, train_classes, epochs=4, rate=3e-4)
    quantized.eval()
    path = export(quantized, train)
    print(f'{path.name}: {path.stat().st_size} bytes')
    print(f'int8 accuracy {integer.accuracy(path, test, test_classes)[0]:.4f}')


if __name__ == '__main__':
    main()
