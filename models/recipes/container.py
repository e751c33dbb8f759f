# SPDX-License-Identifier: Apache-2.0
"""The weights file: magic, header length, JSON header, then raw little-endian data the header points into.

    8 bytes  "WHNET001"
    4 bytes  unsigned length of the header in bytes
    header   UTF-8 JSON, padded with spaces so that the data starts on a multiple of 8
    data     tensors at offsets counted from here

The header's layers run one after the other. A tensor is {"offset", "count", "type"}; type is int8, int32, float32 or
bits (count in bytes). Scales are float32 values. `Container.java` in io.windhover.models.zoo reads the same.
"""
import json
import struct

import numpy as np

MAGIC = b'WHNET001'
TYPES = {'int8': np.dtype('i1'), 'bits': np.dtype('u1'), 'int32': np.dtype('<i4'), 'float32': np.dtype('<f4')}


class Writer:
    def __init__(self):
        self.data = bytearray()

    def tensor(self, values, kind):
        """Appends the values and returns the header's reference to them."""
        self.data += bytes(-len(self.data) % 8)
        raw = np.ascontiguousarray(values).astype(TYPES[kind])
        reference = {'offset': len(self.data), 'count': int(raw.size), 'type': kind}
        self.data += raw.tobytes()
        return reference

    def save(self, path, header):
        text = json.dumps(header, separators=(',', ':')).encode()
        text += b' ' * (-(12 + len(text)) % 8)
        path.write_bytes(MAGIC + struct.pack('<I', len(text)) + text + bytes(self.data))


def load(path):
    """The header and a function that gives the array behind a reference."""
    content = path.read_bytes()
    if content[:8] != MAGIC:
        raise ValueError(f'{path} is not a weights file')
    (length,) = struct.unpack('<I', content[8:12])
    data = content[12 + length:]

    def array(reference):
        return np.frombuffer(data, TYPES[reference['type']], reference['count'], reference['offset'])

    return json.loads(content[12:12 + length]), array


def scale(value):
    """A float32 scale as JSON carries it without loss."""
    return float(np.float32(value))
