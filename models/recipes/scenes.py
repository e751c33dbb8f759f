# SPDX-License-Identifier: Apache-2.0
"""Draws what a drone's camera sees: perspective, light, shadow, haze, wear, occlusion, blur, motion and sensor noise.

A scene is its split, its number and a size in pixels; the same three give the same bytes. Run it to draw a contact sheet:
    python3 scenes.py sheet.png
"""
import sys
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from PIL import Image

import layers

SPLITS = {'train': 1, 'test': 2, 'demo': 3}
CACHE = Path(__file__).parent / 'cache'
SAMPLES = 2
FOCAL = 1.8


def look(rng, size, apparent=(0.5, 1.0)):
    """Rays of a camera that looks at the ground from above, tilted up to 42 degrees; the unit disk under it takes this part
    of the picture. Image axes run over -1..1.
    """
    span = (np.arange(size * SAMPLES, dtype=np.float32) + 0.5) / (size * SAMPLES) * 2 - 1
    x, y = np.meshgrid(span, span)
    tilt, azimuth, roll = rng.uniform(0, np.radians(42)), rng.uniform(0, 2 * np.pi), rng.uniform(0, 2 * np.pi)
    distance = FOCAL / rng.uniform(*apparent)
    aim = rng.uniform(-0.2, 0.2, 2)
    x, y = np.cos(roll) * x - np.sin(roll) * y, np.sin(roll) * x + np.cos(roll) * y
    forward, up = np.cos(tilt), np.sin(tilt)
    across, along, down = x, y * forward + FOCAL * up, y * up - FOCAL * forward
    c, s = np.cos(azimuth), np.sin(azimuth)
    direction = np.stack([c * across - s * along, s * across + c * along, down], -1)
    camera = np.array([aim[0] + s * distance * up, aim[1] - c * distance * up, distance * forward])
    return layers.Rays(camera, direction, rng.uniform(0, 2 * np.pi)), x, y


def wear(rng, noise, painted, bare, u, v):
    """Paint that has come off in patches."""
    if rng.random() < 0.5:
        return painted
    gone = np.clip((noise.octaves(u, v, 5, 3) - rng.uniform(0.25, 0.6)) * 6, 0, 0.85)
    return painted * (1 - gone[..., None]) + bare * gone[..., None]


def occlude(rng, noise, colours, u, v, x, y):
    """Leaves or rags over the scene, or a landing leg across a corner of the picture."""
    for _ in range(rng.integers(0, 3)):
        angle, radius = rng.uniform(0, 2 * np.pi), rng.uniform(0.35, 1.1)
        a, b = u - radius * np.cos(angle), v - radius * np.sin(angle)
        edge = rng.uniform(0.15, 0.36) * (1 + 1.3 * noise.octaves(a, b, 3.5, 2))
        colours = layers.paint(colours, np.hypot(a, b * rng.uniform(1, 2)) < edge, layers.jitter(rng, (0.2, 0.26, 0.12), 0.12))
    if rng.random() < 0.15:
        angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(0.65, 0.95)
        leg = np.abs(np.cos(angle) * x + np.sin(angle) * y - offset) < rng.uniform(0.04, 0.1)
        colours = layers.paint(colours, leg, layers.jitter(rng, (0.1, 0.1, 0.1), 0.05))
    return colours


def light(rng, noise, colours, u, v, x, y):
    """Brightness with a gradient, a soft-edged shadow, the colour of the hour, haze, exposure curve."""
    angle, slope = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.3)
    gain = np.exp(rng.uniform(np.log(0.35), np.log(1.35))) * (1 + slope * (np.cos(angle) * x + np.sin(angle) * y))
    if rng.random() < 0.4:
        angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(-0.8, 0.8)
        side = np.cos(angle) * u + np.sin(angle) * v - offset + 0.25 * noise.octaves(u, v, 2, 2)
        gain = gain * (1 - rng.uniform(0.3, 0.65) / (1 + np.exp(-np.clip(side * 25, -30, 30))))
    warmth = rng.uniform(-0.12, 0.12)
    colours = colours * gain[..., None] * np.array([1 + warmth, 1, 1 - warmth], np.float32)
    haze = max(0.0, rng.uniform(-0.3, 0.35))
    colours = colours * (1 - haze) + haze * rng.uniform(0.5, 0.8)
    return np.clip(colours, 0, 1) ** rng.uniform(0.6, 0.95)


def blur(picture, sigma):
    reach = max(1, int(np.ceil(2.5 * sigma)))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(sigma, 1e-3)) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        pad = [(0, 0)] * 3
        pad[axis] = (reach, reach)
        padded = np.pad(picture, pad, mode='edge')
        length = picture.shape[axis]
        picture = sum(k * padded.take(range(i, i + length), axis) for i, k in enumerate(kernel))
    return picture


def shake(picture, length, angle):
    """Straight motion of so many pixels."""
    steps = max(1, int(np.ceil(length)))
    total = 0
    for step in range(steps + 1):
        share = (step / steps - 0.5) * length
        total = total + np.roll(picture, (round(share * np.sin(angle)), round(share * np.cos(angle))), (0, 1))
    return total / (steps + 1)


def sensor(rng, picture, size):
    """Optical blur, motion and noise, then 8-bit codes."""
    scale = size / 64
    sharpness, motion, angle = rng.uniform(0.0, 1.1), max(0.0, rng.uniform(-3, 3.5)), rng.uniform(0, np.pi)
    if motion * scale >= 1:
        picture = shake(picture, motion * scale, angle)
    if sharpness * scale > 0.3:
        picture = blur(picture, sharpness * scale)
    grain = rng.uniform(0.004, 0.05)
    picture = picture + grain * rng.standard_normal(picture.shape, dtype=np.float32)
    return np.clip(np.rint(picture * 255), 0, 255).astype(np.uint8)


def seen(rng, noise, colours, u, v, x, y):
    """The picture that the camera makes of these colours."""
    colours = occlude(rng, noise, colours, u, v, x, y)
    colours = light(rng, noise, colours, u, v, x, y)
    size = len(colours) // SAMPLES
    colours = colours.reshape(size, SAMPLES, size, SAMPLES, 3).mean((1, 3)).astype(np.float32)
    return sensor(rng, colours, size)


def scene(split, number, size):
    """The picture (size, size, 3) uint8 and its class number: number modulo the number of classes."""
    rng = np.random.Generator(np.random.PCG64([SPLITS[split], number]))
    name = layers.CLASSES[number % len(layers.CLASSES)]
    noise = layers.Noise(rng)
    rays, x, y = look(rng, size)
    u, v = rays.at(0.0)
    if name == 'water':
        colours = layers.water(rng, noise, u, v)
    else:
        colours = layers.ground(rng, noise, u, v)
    if name == 'ground':
        colours = layers.clutter(rng, noise, colours, u, v)
    elif name != 'water':
        if rng.random() < 0.3:
            colours = layers.clutter(rng, noise, colours, u + 0.8, v)
        painted = layers.OBJECTS[name](rng, noise, rays, colours, u, v)
        colours = painted if name == 'vehicle' else wear(rng, noise, painted, colours, u, v)
    return seen(rng, noise, colours, u, v, x, y), number % len(layers.CLASSES)


def _draw(job):
    return scene(*job)[0]


def pictures(split, count, size, processes=2):
    """The first count scenes of a split, (count, size, size, 3) uint8, and their classes; kept in cache/."""
    path = CACHE / f'{split}_{count}_{size}.npy'
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        with Pool(processes) as pool:
            drawn = pool.map(_draw, [(split, number, size) for number in range(count)], chunksize=64)
        np.save(path, np.stack(drawn))
    return np.load(path), np.arange(count) % len(layers.CLASSES)


def sheet(path, split='train', rows=8, size=96):
    """A row of scenes per eight numbers, one column per class."""
    columns = len(layers.CLASSES)
    canvas = np.zeros((rows * size, columns * size, 3), np.uint8)
    for number in range(rows * columns):
        row, column = divmod(number, columns)
        canvas[row * size:(row + 1) * size, column * size:(column + 1) * size] = scene(split, number, size)[0]
    Image.fromarray(canvas).save(path)


if __name__ == '__main__':
    sheet(sys.argv[1])
