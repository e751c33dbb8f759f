# SPDX-License-Identifier: Apache-2.0
"""finder_fomo: where the pads, markers and vehicles are. 96x96x3 in, a grid of 12x12 cells out, each a class or nothing.

    nice -n 10 python3 train_finder_fomo.py
"""
import copy

import numpy as np
import torch
from torch import nn

import container
import groups
import integer
import training
from train_landing_pad_int8 import RESOURCES, SIX, Layer, quantized_stack

NAME, SIZE, CELL = 'finder_fomo', 96, 8
TRAIN_SCENES, TEST_SCENES = 10000, 1000
FIRST = 16
# (stride of the depthwise layer, output channels of the pointwise layer)
BLOCKS = [(1, 24), (2, 48), (1, 48), (2, 96), (1, 96), (1, 96), (1, 96)]
# Most cells hold nothing.
IMPORTANCE = torch.tensor([0.4] + [1.0] * len(groups.LABELS))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        stack, channels = [Layer(3, FIRST, 3, 2)], FIRST
        for stride, outputs in BLOCKS:
            stack += [Layer(channels, channels, 3, stride, groups=channels), Layer(channels, outputs, 1, 1)]
            channels = outputs
        self.stack = nn.Sequential(*stack)
        self.head = nn.Conv2d(channels, 1 + len(groups.LABELS), 1)

    def forward(self, maps):
        return self.head(self.stack(maps))

    def fold(self):
        for layer in self.stack:
            layer.fold()


def cells(boxes):
    """(count, rows, columns): 1 and the label's number where a cell's middle lies in a box, else 0."""
    side = SIZE // CELL
    middles = (np.arange(side) + 0.5) * CELL
    classes = np.zeros((len(boxes), side, side), np.int64)
    for grid, things in zip(classes, boxes):
        for label, left, top, right, bottom in things:
            inside = ((middles > top) & (middles < bottom))[:, None] & ((middles > left) & (middles < right))[None]
            grid[inside] = 1 + int(label)
    return classes


def head_layer(writer, head, logits):
    """The last layer: one weight scale for each class, the logits' scale from the training set's range."""
    weights, bias = head.weight.detach(), head.bias.detach().numpy().astype(np.float64)
    scales = training.weight_scales(weights).numpy().astype(np.float32)
    codes = np.clip(np.rint(weights.numpy() / scales[:, None, None, None]), -127, 127)
    low, high = float(logits.min()), float(logits.max())
    scale = np.float32((high - low) / 255)
    return {
        'operator': 'convolution',
        'name': 'logits',
        'channels': len(scales),
        'kernel': 1,
        'stride': 1,
        'padding': [0, 0, 0, 0],
        'weights': writer.tensor(codes.transpose(0, 2, 3, 1), 'int8'),
        'weight_scales': writer.tensor(scales, 'float32'),
        'bias': writer.tensor(np.rint(bias / (np.float64(SIX) * scales)), 'int32'),
        'output': {'type': 'int8', 'scale': container.scale(scale),
                   'zero_point': int(np.clip(round(-128 - low / scale), -128, 127)), 'clamp': [-128, 127]},
    }


def export(network, pixels):
    writer = container.Writer()
    entries, _ = quantized_stack(writer, network.stack, SIZE)
    with torch.no_grad():
        entries.append(head_layer(writer, network.head, network(training.to_input(pixels[:500]))))
    entries.append({'operator': 'softmax', 'name': 'scores'})
    path = RESOURCES / f'{NAME}.weights'
    writer.save(path, training.header(NAME, SIZE, entries, groups.LABELS))
    return path


def report(name, best, wanted):
    """Of the cells with a class, how many are found; of those found, how many are right."""
    right = int(((best == wanted) & (wanted > 0)).sum())
    print(f'{name}: recall {right / (wanted > 0).sum():.4f}, precision {right / max(1, (best > 0).sum()):.4f}', flush=True)


@torch.no_grad()
def best(network, pixels, batch=200):
    network.eval()
    return np.concatenate([network(training.to_input(pixels[i:i + batch])).argmax(1).numpy() for i in range(0, len(pixels), batch)])


def main():
    training.start()
    train, train_boxes = groups.pictures('train', TRAIN_SCENES, SIZE)
    test, test_boxes = groups.pictures('test', TEST_SCENES, SIZE)
    wanted, test_wanted = cells(train_boxes), cells(test_boxes)
    network = Network()
    training.fit(network, train, wanted, epochs=24, rate=4e-3, weight_decay=1e-3, importance=IMPORTANCE)
    report('float', best(network, test), test_wanted)
    quantized = copy.deepcopy(network)
    quantized.eval()
    quantized.fold()
    report('folded and rounded', best(quantized, test), test_wanted)
    training.fit(quantized, train, wanted, epochs=4, rate=3e-4, importance=IMPORTANCE)
    quantized.eval()
    path = export(quantized, train)
    print(f'{path.name}: {path.stat().st_size} bytes')
    logits = integer.run(path, test).reshape(*test_wanted.shape, -1)
    report('int8', logits.argmax(-1), test_wanted)


if __name__ == '__main__':
    main()
