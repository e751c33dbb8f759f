# SPDX-License-Identifier: Apache-2.0
"""Draws scenes with none to three things in them, and says where these are: what a detector learns from.

A scene is its split, its number and a size in pixels. Run it to write pictures, each with a text file of its boxes beside it, as
`./windhover evaluate --dataset boxes:DIR` reads them:
    python3 groups.py test 1000 96 DIR
"""
import sys
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from PIL import Image

import layers
import scenes

LABELS = list(layers.OBJECTS)
MOST = 3
SMALLEST_SIDE = 8
# Between the middles of two things, in radii.
DISTANCE = 2.9
STREAM = 9


def place(rng, world, taken):
    """Where on the ground the next thing lies, x, y and radius; None where a try has found no room."""
    rows, columns = world[0].shape
    row, column = rng.integers(rows // 10, rows - rows // 10), rng.integers(columns // 10, columns - columns // 10)
    x, y = world[0][row, column], world[1][row, column]
    radius = rng.uniform(0.8, 1.2)
    near = any(np.hypot(x - a, y - b) < DISTANCE * max(radius, r) for a, b, r in taken)
    return None if near else (x, y, radius)


def box(changed):
    """Left, top, right and bottom of the changed samples, in pixels."""
    rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
    if not len(rows):
        return 0.0, 0.0, 0.0, 0.0
    return tuple(edge / scenes.SAMPLES for edge in (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))


def group(split, number, size):
    """The picture (size, size, 3) uint8, and for each thing in it its label's number, left, top, right, bottom."""
    rng = np.random.Generator(np.random.PCG64([scenes.SPLITS[split], number, STREAM]))
    noise = layers.Noise(rng)
    rays, x, y = scenes.look(rng, size, (0.22, 0.5))
    u, v = rays.at(0.0)
    boxes, taken = [], []
    if rng.random() < 0.08:
        return scenes.seen(rng, noise, layers.water(rng, noise, u, v), u, v, x, y), boxes
    colours = layers.ground(rng, noise, u, v)
    if rng.random() < 0.6:
        colours = layers.clutter(rng, noise, colours, u, v)
    world = layers.Rays(rays.camera, rays.direction, 0.0).at(0.0)
    for _ in range(rng.integers(0, MOST + 1)):
        spot = place(rng, world, taken)
        if spot is None:
            continue
        camera = (rays.camera - np.array([spot[0], spot[1], 0])) / spot[2]
        own = layers.Rays(camera, rays.direction, rng.uniform(0, 2 * np.pi))
        label = int(rng.integers(len(LABELS)))
        a, b = own.at(0.0)
        painted = layers.OBJECTS[LABELS[label]](rng, noise, own, colours, a, b)
        found = box(np.abs(painted - colours).max(-1) > 0.03)
        if min(found[2] - found[0], found[3] - found[1]) >= SMALLEST_SIDE:
            worn = painted if LABELS[label] == 'vehicle' else scenes.wear(rng, noise, painted, colours, a, b)
            colours = worn
            boxes.append((label, *found))
            taken.append(spot)
    return scenes.seen(rng, noise, colours, u, v, x, y), boxes


def _draw(job):
    return group(*job)


def pictures(split, count, size, processes=2):
    """The first count scenes of a split, (count, size, size, 3) uint8, and their boxes; kept in cache/."""
    path = scenes.CACHE / f'groups_{split}_{count}_{size}.npz'
    if not path.exists():
        scenes.CACHE.mkdir(exist_ok=True)
        with Pool(processes) as pool:
            drawn = pool.map(_draw, [(split, number, size) for number in range(count)], chunksize=32)
        rows = [(number, *thing) for number, (_, boxes) in enumerate(drawn) for thing in boxes]
        np.savez(path, pictures=np.stack([picture for picture, _ in drawn]), boxes=np.array(rows, np.float32))
    kept = np.load(path)
    boxes = [[] for _ in range(count)]
    for number, *thing in kept['boxes']:
        boxes[int(number)].append(thing)
    return kept['pictures'], boxes


def write(split, count, size, folder):
    """Pictures as PNG, boxes as lines of label, left, top, width and height."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (picture, boxes) in enumerate(zip(*pictures(split, count, size))):
        Image.fromarray(picture).save(folder / f'{number:05d}.png')
        lines = [f'{LABELS[int(label)]} {left:g} {top:g} {right - left:g} {bottom - top:g}\n' for label, left, top, right, bottom in boxes]
        (folder / f'{number:05d}.txt').write_text(''.join(lines))


if __name__ == '__main__':
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
