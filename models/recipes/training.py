# SPDX-License-Identifier: Apache-2.0
"""What both recipes share: data, the optimisation loop, fake quantisation, accuracy."""
import time

import numpy as np
import torch
import torch.nn.functional as F

import layers
import scenes

TRAIN_SCENES, TEST_SCENES = 12000, 2000
CLASSES = list(layers.CLASSES)


def to_input(pixels):
    """uint8 pictures, channels last, to the network's real input: (pixel - 128) / 128, channels first."""
    return (torch.from_numpy(pixels).permute(0, 3, 1, 2).float() - 128) / 128


def varied(batch, targets):
    """One of the eight symmetries of the square for the whole batch, targets that are maps too; and each picture's own
    brightness and contrast.
    """
    turns = int(torch.randint(4, (1,)))
    flips = bool(torch.rand(1) < 0.5)
    batch = turned(batch, turns, flips)
    if targets.dim() == 3:
        targets = turned(targets, turns, flips)
    count = len(batch)
    gain, shift = torch.empty(2, count, 1, 1, 1).uniform_(-0.15, 0.15)
    return (batch * (1 + gain) + shift).clamp(-1, 127 / 128), targets


def turned(maps, turns, flips):
    maps = torch.rot90(maps, turns, (-2, -1))
    return maps.flip(-1) if flips else maps


def fit(network, pixels, classes, epochs, rate, batch=64, weight_decay=0.0, on_epoch=None, importance=None):
    """Adam with a cosine schedule over the symmetric, brightness-varied training set; classes are one for each picture or a
    map of them, importance is each class's share in the loss.
    """
    optimizer = torch.optim.AdamW(network.parameters(), rate, weight_decay=weight_decay)
    steps = epochs * (len(pixels) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.1)
    targets = torch.from_numpy(classes)
    started = time.time()
    for epoch in range(epochs):
        network.train()
        order, total = torch.randperm(len(pixels)), 0.0
        for start in range(0, len(pixels) - batch + 1, batch):
            chosen = order[start:start + batch]
            pictures, wanted = varied(to_input(pixels[chosen.numpy()]), targets[chosen])
            loss = F.cross_entropy(network(pictures), wanted, importance, label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f'epoch {epoch + 1}/{epochs} loss {total * batch / len(pixels):.4f} after {time.time() - started:.0f} s', flush=True)
        if on_epoch:
            on_epoch(epoch)


@torch.no_grad()
def accuracy(network, pixels, classes, batch=200):
    network.eval()
    hits = 0
    for start in range(0, len(pixels), batch):
        logits = network(to_input(pixels[start:start + batch]))
        hits += int((logits.argmax(1).numpy() == classes[start:start + batch]).sum())
    return hits / len(pixels)


class Round(torch.autograd.Function):
    """Rounding whose gradient is that of the identity."""

    @staticmethod
    def forward(context, values):
        return values.round()

    @staticmethod
    def backward(context, gradient):
        return gradient


def weight_scales(weights):
    """Symmetric int8 scale per output channel (first dimension)."""
    return weights.detach().abs().flatten(1).amax(1).clamp(min=1e-6) / 127


def fake_weights(weights, scales):
    shape = (-1,) + (1,) * (weights.dim() - 1)
    scales = scales.view(shape)
    return Round.apply(weights / scales).clamp(-127, 127) * scales


def fake_codes(values, scale, zero_point):
    """Values on the grid of an int8 tensor."""
    return ((Round.apply(values / scale) + zero_point).clamp(-128, 127) - zero_point) * scale


def start(seed=7, threads=2):
    torch.manual_seed(seed)
    np.random.seed(seed)
    torch.set_num_threads(threads)


def data(size):
    return scenes.pictures('train', TRAIN_SCENES, size), scenes.pictures('test', TEST_SCENES, size)


def header(name, size, net_layers, labels=CLASSES):
    return {
        'name': name,
        'labels': list(labels),
        'preprocessing': {'mean': 128.0, 'deviation': 128.0},
        'input': {'height': size, 'width': size, 'channels': 3, 'scale': 1 / 128, 'zero_point': 0},
        'layers': net_layers,
    }
