# SPDX-License-Identifier: Apache-2.0
"""A flat netlist of Xilinx primitives, as yosys writes it in JSON: cells, what drives a bit, how many inputs a bit feeds, names."""
import collections
import dataclasses
import json
import re

FLIP_FLOPS = ("FDRE", "FDSE", "FDCE", "FDPE")
# Outputs that a name of a cell for people is taken from.
NAMING_OUTPUTS = ("Q", "DOADO", "DOBDO", "P", "DOA", "O", "DPO")


@dataclasses.dataclass(eq=False)
class Cell:
    """One primitive. A bit is a number; a constant or unconnected bit is a string."""
    name: str
    kind: str
    pins: dict
    outputs: frozenset
    settings: dict

    def bits(self, port, width=0):
        """The bits of a port; where it is not connected, as many constants as its width."""
        return self.pins.get(port) or ["x"] * width

    def inputs(self):
        return ((port, bits) for port, bits in self.pins.items() if port not in self.outputs)

    def setting(self, name, default=0):
        value = self.settings.get(name, default)
        return int(value, 2) if isinstance(value, str) and re.fullmatch("[01]+", value) else value

    def is_lut(self):
        """A lookup table; an inverter takes one as well."""
        return self.kind == "INV" or (self.kind.startswith("LUT") and self.kind[3:].isdigit())


def is_net(bit):
    return isinstance(bit, int)


class Netlist:
    """The cells of one flat module; driver maps a bit to its cell, fanout to the number of inputs that it feeds."""

    def __init__(self, module):
        self.cells = [
            Cell(name, cell["type"], cell["connections"],
                 frozenset(port for port, direction in cell["port_directions"].items() if direction == "output"),
                 cell["parameters"])
            for name, cell in module["cells"].items()]
        self.ports = module["ports"]
        self.driver = {}
        self.fanout = collections.Counter()
        for cell in self.cells:
            for port, bits in cell.pins.items():
                for bit in filter(is_net, bits):
                    if port in cell.outputs:
                        self.driver[bit] = cell
                    else:
                        self.fanout[bit] += 1
        self._labels = {}
        self._netnames = module["netnames"]

    @classmethod
    def read(cls, path, top):
        with open(path, encoding="utf-8") as file:
            modules = json.load(file)["modules"]
        return cls(modules[top])

    def of_kind(self, *kinds):
        return [cell for cell in self.cells if cell.kind in kinds]

    def label(self, bit):
        """The name of the bit nearest to the source: no temporary where there is another, the deepest in the hierarchy."""
        if not self._labels:
            best = {}
            for name, net in self._netnames.items():
                for index, named in enumerate(net["bits"]):
                    text = name if len(net["bits"]) == 1 else f"{name}[{index}]"
                    rank = (net.get("hide_name", 0), -text.count("."), len(text), text)
                    if named not in best or rank < best[named]:
                        best[named] = rank
            self._labels = {named: rank[3].replace("\\", "").replace("$flatten", "") for named, rank in best.items()}
        return self._labels.get(bit, "?")

    def cell_label(self, cell):
        bits = (bit for port in NAMING_OUTPUTS for bit in cell.bits(port) if is_net(bit))
        return next((name for name in map(self.label, bits) if name != "?"), cell.name)
