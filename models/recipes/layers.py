# SPDX-License-Identifier: Apache-2.0
"""What lies in a scene: grounds, water, landing pads, markers and a vehicle, as colours over ground coordinates.

Ground coordinates: the object of a scene fills about the unit disk around (0, 0), whatever its yaw. Colours are linear
albedo in 0..1, arrays of shape (height, width, 3).
"""
import numpy as np


class Rays:
    """Where each pixel's ray meets the horizontal plane of a given height."""

    def __init__(self, camera, direction, yaw):
        self.camera = camera
        self.direction = direction
        self.cos, self.sin = np.cos(yaw), np.sin(yaw)

    def at(self, height):
        """Object coordinates (u, v) on the plane z = height."""
        reach = (height - self.camera[2]) / self.direction[..., 2]
        x = self.camera[0] + reach * self.direction[..., 0]
        y = self.camera[1] + reach * self.direction[..., 1]
        return self.cos * x + self.sin * y, self.cos * y - self.sin * x


class Noise:
    """Smooth periodic value noise in 0..1, of a random lattice."""

    def __init__(self, rng):
        self.lattice = rng.random((64, 64), dtype=np.float32)

    def at(self, u, v, frequency):
        x, y = u * frequency + 17.3, v * frequency + 5.9
        column, row = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
        fx, fy = x - column, y - row
        fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
        left, right, top, bottom = column & 63, (column + 1) & 63, row & 63, (row + 1) & 63
        upper = self.lattice[top, left] * (1 - fx) + self.lattice[top, right] * fx
        lower = self.lattice[bottom, left] * (1 - fx) + self.lattice[bottom, right] * fx
        return upper * (1 - fy) + lower * fy

    def octaves(self, u, v, frequency, count):
        total, weight = 0.0, 1.0
        for octave in range(count):
            total = total + weight * (self.at(u, v, frequency * 2.1 ** octave) - 0.5)
            weight *= 0.6
        return total


def paint(colours, mask, colour):
    """Lays a colour over the pixels of the mask (0..1)."""
    mask = np.asarray(mask, np.float32)[..., None]
    return colours * (1 - mask) + np.asarray(colour, np.float32) * mask


def jitter(rng, colour, amount=0.08):
    return np.clip(np.asarray(colour) + rng.uniform(-amount, amount, 3), 0.02, 0.98)


GROUNDS = {
    'grass': ((0.20, 0.33, 0.10), 0.30),
    'asphalt': ((0.25, 0.25, 0.26), 0.12),
    'sand': ((0.62, 0.53, 0.36), 0.16),
    'concrete': ((0.55, 0.54, 0.51), 0.10),
    'field': ((0.36, 0.27, 0.15), 0.22),
}


def ground(rng, noise, u, v):
    """One of five grounds, with joints or furrows where they belong."""
    kind = rng.choice(list(GROUNDS))
    base, roughness = GROUNDS[kind]
    texture = noise.octaves(u, v, rng.uniform(1.5, 4), 4)
    colours = np.ones(u.shape + (3,), np.float32) * jitter(rng, base, 0.06)
    colours = colours * (1 + 2 * roughness * texture)[..., None]
    if kind == 'concrete':
        pitch = rng.uniform(0.9, 2.5)
        joint = (np.abs((u / pitch + 0.3) % 1 - 0.5) < 0.012) | (np.abs((v / pitch + 0.6) % 1 - 0.5) < 0.012)
        colours = paint(colours, 0.5 * joint, (0.2, 0.2, 0.2))
    if kind == 'field':
        colours = colours * (1 + 0.2 * np.sin(rng.uniform(8, 25) * u))[..., None]
    return colours


def clutter(rng, noise, colours, u, v):
    """Things that lie on empty ground and are no class of their own: lines, bushes, stones, patches."""
    for _ in range(rng.integers(0, 3)):
        angle, offset = rng.uniform(0, np.pi), rng.uniform(-0.9, 0.9)
        along, across = np.cos(angle) * u + np.sin(angle) * v, np.cos(angle) * v - np.sin(angle) * u - offset
        choice = rng.integers(0, 4)
        if choice == 0:
            dashed = (along * rng.uniform(0.5, 1.5)) % 1 < rng.uniform(0.5, 1.2)
            colours = paint(colours, dashed & (np.abs(across) < rng.uniform(0.04, 0.12)), jitter(rng, (0.8, 0.8, 0.75)))
        elif choice == 1:
            tracks = np.abs(np.abs(across) - 0.3) < 0.07
            colours = paint(colours, 0.6 * tracks, jitter(rng, (0.22, 0.18, 0.13)))
        elif choice == 2:
            for _ in range(rng.integers(1, 6)):
                x, y, radius = rng.uniform(-1.2, 1.2), rng.uniform(-1.2, 1.2), rng.uniform(0.08, 0.4)
                edge = radius * (1 + 1.2 * noise.octaves(u - x, v - y, 4, 2))
                colours = paint(colours, np.hypot(u - x, v - y) < edge, jitter(rng, (0.13, 0.24, 0.09)))
        else:
            colours = paint(colours, 0.7 * (noise.octaves(u, v, 0.9, 3) > 0.15), jitter(rng, (0.4, 0.36, 0.28), 0.15))
    return colours


def water(rng, noise, u, v):
    base = jitter(rng, [(0.08, 0.22, 0.33), (0.12, 0.28, 0.27), (0.22, 0.24, 0.18)][rng.integers(0, 3)], 0.05)
    stretch = rng.uniform(2, 5)
    waves = noise.octaves(u, v * stretch, rng.uniform(1.2, 3), 3)
    waves = waves + 0.3 * np.sin(rng.uniform(4, 12) * (v + 0.4 * noise.at(u, v, 1.1)))
    colours = np.ones(u.shape + (3,), np.float32) * base * (1 + rng.uniform(0.3, 0.8) * waves)[..., None]
    return paint(colours, 0.8 * (waves > rng.uniform(0.45, 0.9)), (0.85, 0.9, 0.92))


def ink(rng, dark):
    """Paint: light (white, yellow) or dark (black, blue, red)."""
    light = [(0.9, 0.9, 0.88), (0.88, 0.72, 0.12), (0.9, 0.9, 0.88)]
    deep = [(0.07, 0.07, 0.08), (0.08, 0.15, 0.42), (0.55, 0.08, 0.07), (0.07, 0.07, 0.08)]
    return jitter(rng, deep[rng.integers(0, 4)] if dark else light[rng.integers(0, 3)], 0.05)


def plate(rng, colours, u, v, ring):
    """A painted disk or square under a symbol, or none; returns the colours and the symbol's ink."""
    dark_plate = rng.random() < 0.7
    outside = np.hypot(u, v) if rng.random() < 0.65 else np.maximum(np.abs(u), np.abs(v)) / 0.88
    symbol = ink(rng, not dark_plate)
    if rng.random() < 0.75:
        fill = jitter(rng, (0.2, 0.22, 0.22)) if dark_plate and rng.random() < 0.5 else ink(rng, dark_plate)
        colours = paint(colours, outside < 1, fill)
    else:
        symbol = ink(rng, colours.mean() > 0.45)
    if rng.random() < ring:
        colours = paint(colours, (outside < 0.96) & (outside > rng.uniform(0.8, 0.88)), symbol)
    return colours, symbol


def pad_h(rng, noise, rays, colours, u, v):
    colours, symbol = plate(rng, colours, u, v, 0.8)
    half, top, thick = rng.uniform(0.32, 0.4), rng.uniform(0.45, 0.58), rng.uniform(0.07, 0.11)
    posts = (np.abs(np.abs(u) - half) < thick) & (np.abs(v) < top)
    return paint(colours, posts | ((np.abs(v) < thick) & (np.abs(u) < half)), symbol)


def pad_bullseye(rng, noise, rays, colours, u, v):
    radius = np.hypot(u, v)
    first, rings = rng.random() < 0.5, rng.integers(2, 5)
    inks = [ink(rng, first), ink(rng, not first)]
    for ring in range(rings):
        colours = paint(colours, radius < 0.97 * (1 - ring / rings), inks[ring % 2])
    return colours


def pad_cross(rng, noise, rays, colours, u, v):
    colours, symbol = plate(rng, colours, u, v, 0.5)
    reach, thick = rng.uniform(0.6, 0.8), rng.uniform(0.09, 0.16)
    bars = ((np.abs(u) < thick) & (np.abs(v) < reach)) | ((np.abs(v) < thick) & (np.abs(u) < reach))
    return paint(colours, bars, symbol)


def arrow(rng, noise, rays, colours, u, v):
    colours, symbol = plate(rng, colours, u, v, 0.3)
    neck, thick, wide = rng.uniform(0.0, 0.25), rng.uniform(0.09, 0.16), rng.uniform(0.38, 0.5)
    head = (u > neck) & (np.abs(v) < wide * (0.72 - u) / (0.72 - neck))
    return paint(colours, head | ((np.abs(v) < thick) & (u > -0.7) & (u <= neck)), symbol)


def tag(rng, noise, rays, colours, u, v):
    cells = int(rng.integers(4, 7))
    code = rng.random((cells + 2, cells + 2)) < 0.5
    code[[0, -1], :] = code[:, [0, -1]] = False
    reach = 0.78
    colours = paint(colours, np.maximum(np.abs(u), np.abs(v)) < rng.uniform(0.86, 0.98), ink(rng, False) * 0 + 0.88)
    column = np.clip(((u / reach + 1) / 2 * (cells + 2)).astype(np.int32), 0, cells + 1)
    row = np.clip(((v / reach + 1) / 2 * (cells + 2)).astype(np.int32), 0, cells + 1)
    inside = np.maximum(np.abs(u), np.abs(v)) < reach
    return paint(colours, inside & ~code[row, column], (0.06, 0.06, 0.06))


def vehicle(rng, noise, rays, colours, u, v):
    """A box on wheels with a cabin: slices at rising heights, seen by the rays."""
    body = jitter(rng, [(0.8, 0.8, 0.8), (0.1, 0.1, 0.12), (0.6, 0.1, 0.1), (0.1, 0.2, 0.5), (0.55, 0.57, 0.6),
                        (0.7, 0.55, 0.1)][rng.integers(0, 6)], 0.08)
    half, glass = rng.uniform(0.36, 0.44), (0.06, 0.08, 0.1)
    colours = paint(colours, 0.6 * ((np.abs(u - 0.08) < 0.9) & (np.abs(v - 0.1) < half + 0.06)), (0.04, 0.04, 0.04))
    for height, shade in ((0.06, 0.35), (0.14, 0.75), (0.22, 0.85), (0.3, 1.0)):
        x, y = rays.at(height)
        colours = paint(colours, (np.abs(x) < 0.88) & (np.abs(y) < half - 0.12 * (np.abs(x) > 0.82)), body * shade)
    back, front = (-0.85, 0.35) if rng.random() < 0.4 else (-0.55, 0.25)
    for step in range(4):
        x, y = rays.at(0.3 + 0.06 * step)
        lean = 0.05 * step
        cabin = (x > back + lean) & (x < front - lean) & (np.abs(y) < half - 0.03 - lean / 2)
        colours = paint(colours, cabin, body if step == 3 else glass)
    return colours


CLASSES = ('ground', 'water', 'pad_h', 'pad_bullseye', 'pad_cross', 'arrow', 'tag', 'vehicle')
OBJECTS = {'pad_h': pad_h, 'pad_bullseye': pad_bullseye, 'pad_cross': pad_cross, 'arrow': arrow, 'tag': tag, 'vehicle': vehicle}
