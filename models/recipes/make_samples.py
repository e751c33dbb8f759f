# SPDX-License-Identifier: Apache-2.0
"""Writes what the tests and the demo need from the trained networks, and prints the figures of the cards.

    python3 make_samples.py

* test cases per network: pictures of 16 levels, packed two values to a byte, then the logits of these and of pseudo-random
  pictures, computed with integers;
* pictures of several things for the tests of the finder;
* demo pictures: scenes of the split `demo` that both networks recognise clearly after resizing.
"""
import struct
from pathlib import Path

import numpy as np
from PIL import Image

import container
import groups
import integer
import layers
import scenes
import training

MODULE = Path(__file__).parent.parent
WEIGHTS = MODULE / 'src/main/resources/io/windhover/models/zoo'
DEMO = MODULE.parent / 'runtime/src/main/resources/io/windhover/runtime/cli/demo'
CASES = MODULE / 'src/test/resources/io/windhover/models/zoo'
# name: (input size, scenes, pseudo-random pictures)
NETWORKS = {'landing_pad_int8': (64, 16, 24), 'marker_xnor': (48, 24, 16)}
FINDER_SIZE, FINDER_SCENES = 96, 1000
FINDER_PICTURES = MODULE.parent / 'tests/src/test/resources/io/windhover/tests/finder'
DEMO_SIZE = 128
DEMO_CLASSES = list(layers.CLASSES) + ['pad_h', 'tag']


def pseudo_random(count, size):
    """Pictures of a linear congruential generator, high bytes, one seed per picture."""
    pictures = np.empty((count, size * size * 3), np.uint8)
    for number in range(count):
        state = number
        for position in range(size * size * 3):
            state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
            pictures[number, position] = state >> 24
    return pictures.reshape(count, size, size, 3)


def write_cases(name, pictures, random):
    """uint16 counts, packed pictures (first value in the low half), int8 logits of all pictures."""
    drawn, size = pictures.shape[:2]
    pixels = pictures >> 4
    flat = pixels.reshape(drawn, -1)
    logits = integer.run(WEIGHTS / f'{name}.weights', np.concatenate([pixels * 17, pseudo_random(random, size)]))
    CASES.mkdir(parents=True, exist_ok=True)
    path = CASES / f'{name}.cases'
    path.write_bytes(struct.pack('<HH', drawn, random) + (flat[:, ::2] | flat[:, 1::2] << 4).tobytes() + logits.tobytes())
    print(f'{path.name}: {path.stat().st_size} bytes')


def probabilities(name, size, picture):
    path = WEIGHTS / f'{name}.weights'
    resized = np.asarray(Image.fromarray(picture).resize((size, size), Image.BILINEAR))
    scale = container.load(path)[0]['layers'][-1]['output']['scale']
    powers = np.exp(integer.run(path, resized[None])[0] * scale)
    return powers / powers.sum()


def clear(picture, truth):
    """Both networks are at least 85 % sure of the truth."""
    return all(probabilities(name, size, picture)[truth] >= 0.85 for name, (size, _, _) in NETWORKS.items())


def write_demo():
    DEMO.mkdir(parents=True, exist_ok=True)
    for old in DEMO.glob('*.png'):
        old.unlink()
    taken, names = set(), []
    for wanted in DEMO_CLASSES:
        truth = layers.CLASSES.index(wanted)
        number = truth
        while number in taken or not clear(scenes.scene('demo', number, DEMO_SIZE)[0], truth):
            number += len(layers.CLASSES)
        taken.add(number)
        names.append(f'{wanted}-{number:03d}.png')
        Image.fromarray(scenes.scene('demo', number, DEMO_SIZE)[0]).save(DEMO / names[-1], optimize=True)
    (DEMO / 'index.txt').write_text('\n'.join(names) + '\n')
    print('demo:', ', '.join(names))


def report(name, size):
    pixels, classes = scenes.pictures('test', training.TEST_SCENES, size)
    accuracy, logits = integer.accuracy(WEIGHTS / f'{name}.weights', pixels, classes)
    print(f'{name}: {accuracy:.4f} of {len(pixels)} test scenes')
    confusion = np.zeros((8, 8), int)
    np.add.at(confusion, (classes, logits.argmax(1)), 1)
    for label, row in zip(layers.CLASSES, confusion):
        print(f'  {label:13s} {row[layers.CLASSES.index(label)] / row.sum():.3f}  {" ".join(f"{n:4d}" for n in row)}')


def main():
    for name, (size, drawn, random) in NETWORKS.items():
        report(name, size)
        write_cases(name, scenes.pictures('test', training.TEST_SCENES, size)[0][:drawn], random)
    write_cases('finder_fomo', groups.pictures('test', FINDER_SCENES, FINDER_SIZE)[0][:6], 6)
    groups.write('demo', 8, FINDER_SIZE, FINDER_PICTURES)
    write_demo()


if __name__ == '__main__':
    main()
