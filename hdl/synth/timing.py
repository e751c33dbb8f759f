# SPDX-License-Identifier: Apache-2.0
"""A static timing model of a flat 7-series netlist: one clock, nothing placed or routed.

Cell delays are those of speed grade -1. A net takes 0.5 + 0.1 * log2(fan-out) ns, at most 1.6; a net within a carry chain, into a
wide multiplexer, or from a lookup table to its own flip-flop takes nothing. The inputs of the design arrive as from a flip-flop.
Nanoseconds throughout.
"""
import collections
import dataclasses
import math

from netlist import FLIP_FLOPS, is_net

LUT = 0.124
CLOCK_TO_OUT = 0.456
FLIP_FLOP_SETUP = {"D": 0.06, "CE": 0.205, "R": 0.43, "S": 0.43, "CLR": 0.43, "PRE": 0.43}
PORT_SETUP = 0.1

# CARRY4: from select input i to sum and carry of bit j >= i.
CARRY_S_TO_O = ((0.25, 0.40, 0.49, 0.55), (None, 0.24, 0.40, 0.45), (None, None, 0.23, 0.36), (None, None, None, 0.23))
CARRY_S_TO_CO = ((0.29, 0.38, 0.47, 0.532), (None, 0.30, 0.39, 0.508), (None, None, 0.28, 0.398), (None, None, None, 0.401))
CARRY_DI_EXTRA = 0.12
CARRY_CI_TO_O = (0.222, 0.334, 0.239, 0.313)
CARRY_CI_TO_CO = (0.2, 0.2, 0.2, 0.114)
CARRY_CYINIT_EXTRA = 0.25
WIDE_MULTIPLEXER = {"MUXF7": {"I0": 0.214, "I1": 0.22, "S": 0.303}, "MUXF8": {"I0": 0.095, "I1": 0.09, "S": 0.278}}

BLOCK_RAM_OUT, BLOCK_RAM_OUT_REGISTERED = 2.454, 0.882
BLOCK_RAM_OUTPUTS = {"DOADO": "DOA_REG", "DOPADOP": "DOA_REG", "DOBDO": "DOB_REG", "DOPBDOP": "DOB_REG"}
# By how the port's name begins, or what it contains (the address); anything else takes the last.
BLOCK_RAM_SETUP = (("WE", 0.532), ("EN", 0.443), ("DI", 0.7), ("", 0.4))
BLOCK_RAM_ADDRESS_SETUP = 0.566

LUT_RAM_OUT, LUT_RAM_READ, LUT_RAM_READ_DEEP = 1.31, 0.124, 0.35
LUT_RAM_SETUP = {"WE": 0.53, "address": 0.3, "data": 0.26}
SHIFT_REGISTER_OUT, SHIFT_REGISTER_SETUP = 1.6, {"D": 0.17, "CE": 0.53}

NET_BASE, NET_PER_DOUBLING, NET_MOST, WIDE_FANOUT = 0.5, 0.1, 1.6, 200
LUT_TO_CARRY_DATA = 0.1
UNREACHED = -1e3


@dataclasses.dataclass(frozen=True)
class Arc:
    """Through a cell, from one input bit."""
    source: int
    delay: float
    cell: object
    port: str


@dataclasses.dataclass(frozen=True)
class End:
    """Where a path ends: a port of a cell, or of the design when cell is None."""
    bit: int
    setup: float
    cell: object
    port: str

    def point(self):
        """What counts as one endpoint: all data inputs of a cell together, its enable, its reset."""
        return self.cell.name if self.cell else self.port, self.port if self.port in ("CE", "R", "S") else "D"


class Graph:
    """Timing arcs of a netlist: into each bit, where paths start (bit to clock-to-out), and where they end."""

    def __init__(self, netlist):
        self.into = collections.defaultdict(list)
        self.starts = {}
        self.ends = []
        for cell in netlist.cells:
            self._add(cell)
        for name, port in netlist.ports.items():
            if port["direction"] == "input":
                for bit in port["bits"]:
                    self.starts.setdefault(bit, CLOCK_TO_OUT)
            else:
                self._end(port["bits"], PORT_SETUP, None, name)

    def _arc(self, target, source, delay, cell, port):
        if is_net(target) and is_net(source):
            self.into[target].append(Arc(source, delay, cell, port))

    def _end(self, bits, setup, cell, port):
        self.ends.extend(End(bit, setup, cell, port) for bit in bits if is_net(bit))

    def _start(self, bits, delay):
        self.starts.update((bit, delay) for bit in bits if is_net(bit))

    def _add(self, cell):
        if cell.is_lut():
            for port, (bit, *_) in cell.inputs():
                self._arc(cell.pins["O"][0], bit, LUT, cell, port)
        elif cell.kind in FLIP_FLOPS:
            self._start(cell.pins["Q"], CLOCK_TO_OUT)
            for port, setup in FLIP_FLOP_SETUP.items():
                self._end(cell.bits(port), setup, cell, port)
        elif cell.kind == "CARRY4":
            self._carry(cell)
        elif cell.kind in WIDE_MULTIPLEXER:
            for port, delay in WIDE_MULTIPLEXER[cell.kind].items():
                self._arc(cell.pins["O"][0], cell.pins[port][0], delay, cell, port)
        elif cell.kind.startswith("RAMB"):
            self._block_ram(cell)
        elif cell.kind.startswith("RAM"):
            self._lut_ram(cell)
        elif cell.kind.startswith("SRL"):
            self._start(cell.pins["Q"], SHIFT_REGISTER_OUT)
            for port, setup in SHIFT_REGISTER_SETUP.items():
                self._end(cell.bits(port), setup, cell, port)
        elif cell.kind == "DSP48E1":
            self._dsp(cell)
        else:
            raise ValueError(f"no delays are known of primitive {cell.kind} ({cell.name})")

    def _carry(self, cell):
        sums, carries = cell.bits("O", 4), cell.bits("CO", 4)
        for i in range(4):
            select, data = cell.bits("S", 4)[i], cell.bits("DI", 4)[i]
            for j in range(i, 4):
                self._arc(sums[j], select, CARRY_S_TO_O[i][j], cell, "S")
                self._arc(carries[j], select, CARRY_S_TO_CO[i][j], cell, "S")
                self._arc(carries[j], data, CARRY_S_TO_CO[i][j], cell, "DI")
                if j > i:
                    self._arc(sums[j], data, CARRY_S_TO_O[i][j] + CARRY_DI_EXTRA, cell, "DI")
        for port, extra in (("CI", 0), ("CYINIT", CARRY_CYINIT_EXTRA)):
            carry_in = cell.bits(port, 1)[0]
            for j in range(4):
                self._arc(sums[j], carry_in, CARRY_CI_TO_O[j] + extra, cell, port)
                self._arc(carries[j], carry_in, CARRY_CI_TO_CO[j] + extra, cell, port)

    def _block_ram(self, cell):
        for port, register in BLOCK_RAM_OUTPUTS.items():
            self._start(cell.bits(port), BLOCK_RAM_OUT_REGISTERED if cell.setting(register) else BLOCK_RAM_OUT)
        for port, bits in cell.inputs():
            if "CLK" not in port:
                by_name = next(setup for start, setup in BLOCK_RAM_SETUP if port.startswith(start))
                self._end(bits, BLOCK_RAM_ADDRESS_SETUP if "ADDR" in port else by_name, cell, port)

    def _lut_ram(self, cell):
        for output in cell.outputs:
            self._start(cell.bits(output), LUT_RAM_OUT)
            for port in lut_ram_read_addresses(cell, output):
                for target in cell.bits(output):
                    for bit in cell.bits(port):
                        self._arc(target, bit, LUT_RAM_READ if "32" in cell.kind else LUT_RAM_READ_DEEP, cell, port)
        for port, bits in cell.inputs():
            if port == "WE":
                self._end(bits, LUT_RAM_SETUP["WE"], cell, port)
            elif port.startswith("ADDRD") or is_write_address(port):
                self._end(bits, LUT_RAM_SETUP["address"], cell, port)
            elif port.startswith("D") and not port.startswith("DPRA"):
                self._end(bits, LUT_RAM_SETUP["data"], cell, port)

    def _dsp(self, cell):
        """Clock-to-out and setup by which of the slice's registers are used."""
        p, m = cell.setting("PREG"), cell.setting("MREG")
        multiplies = cell.setting("USE_MULT", "MULTIPLY") != "NONE"
        out = 0.434 if p else 1.82 if m and multiplies else 4.0 if multiplies else 1.9
        self._start(cell.bits("P"), out)
        self._start(cell.bits("PCOUT"), out + (0 if p else 0.17))
        for port, bits in cell.inputs():
            if port == "CLK":
                continue
            if port not in DSP_INPUTS:
                self._end(bits, DSP_CONTROL_SETUP, cell, port)
                continue
            register, to_m, to_p, to_p_alone, through, through_alone = DSP_INPUTS[port]
            if register and cell.setting(register):
                self._end(bits, 0.36 if port in "AB" else 0.3, cell, port)
            elif p or (port in "AB" and m and multiplies):
                self._end(bits, to_m if m and multiplies else to_p if multiplies else to_p_alone, cell, port)
            else:
                for bit in bits:
                    for target in cell.bits("P"):
                        self._arc(target, bit, through if multiplies else through_alone, cell, port)


# Port: its register; setup to M, to P through the multiplier, to P without it; through to P with and without the multiplier.
DSP_INPUTS = {
    "A": ("AREG", 1.93, 3.72, 1.96, 3.84, 2.0),
    "B": ("BREG", 1.74, 3.72, 1.96, 3.84, 2.0),
    "C": ("CREG", 1.70, 1.70, 1.70, 1.5, 1.5),
    "OPMODE": ("OPMODEREG", 2.21, 2.21, 2.21, 2.2, 2.2),
    "ALUMODE": ("ALUMODEREG", 2.0, 2.0, 2.0, 2.0, 2.0),
    "CARRYIN": ("CARRYINREG", 1.3, 1.3, 1.3, 1.2, 1.2),
    "PCIN": (None, 1.40, 1.40, 1.40, 1.2, 1.2),
    "INMODE": ("INMODEREG", 1.9, 1.9, 1.9, 3.8, 3.8),
}
DSP_CONTROL_SETUP = 0.5


def is_write_address(port):
    return port == "A" or (len(port) == 2 and port[0] == "A" and port[1].isdigit())


def lut_ram_read_addresses(cell, output):
    """The ports that address an output: ADDRA for DOA and so on; DPRA* for DPO, A* for SPO."""
    by_letter = [port for port in cell.pins if port.startswith("ADDR" + output[-1])]
    if by_letter:
        return by_letter
    return [port for port in cell.pins if (port.startswith("DPRA") if output == "DPO" else is_write_address(port))]


class Timing:
    """Arrival times over a netlist. slowest holds (time, end) of every endpoint's slowest path, slowest first."""

    def __init__(self, netlist):
        self.netlist = netlist
        self.graph = Graph(netlist)
        self._arrival = {}
        self._via = {}
        by_point = {}
        for end in self.graph.ends:
            time = self._arrive(end.bit) + self._net(end.bit, end.cell, end.port) + end.setup
            point = end.point()
            if point not in by_point or time > by_point[point][0]:
                by_point[point] = (time, end)
        self.slowest = sorted(by_point.values(), key=lambda path: -path[0])

    def over(self, period):
        return sum(time > period for time, _ in self.slowest)

    def path(self, end):
        """From the start of the slowest path to the end: its first bit, and the arcs in order."""
        arcs, bit = [], end.bit
        while self._via.get(bit):
            arcs.append(self._via[bit])
            bit = arcs[-1].source
        return bit, arcs[::-1]

    def _arrive(self, last):
        stack = [last]
        while stack:
            bit = stack[-1]
            if bit in self._arrival:
                stack.pop()
                continue
            waiting = [arc.source for arc in self.graph.into.get(bit, ()) if arc.source not in self._arrival]
            if waiting:
                if len(stack) > len(self.netlist.cells):
                    raise ValueError(f"a combinational loop goes through {self.netlist.label(bit)}")
                stack.extend(waiting)
                continue
            self._settle(stack.pop())
        return self._arrival[last]

    def _settle(self, bit):
        best, via = self.graph.starts.get(bit, UNREACHED), None
        for arc in self.graph.into.get(bit, ()):
            time = self._arrival[arc.source] + self._net(arc.source, arc.cell, arc.port) + arc.delay
            if time > best:
                best, via = time, arc
        self._arrival[bit], self._via[bit] = best, via

    def _net(self, bit, sink, port):
        """Delay of the net from the bit's driver to a port of a cell."""
        fanout = self.netlist.fanout[bit]
        if sink is None:
            return NET_BASE
        source = self.netlist.driver.get(bit)
        fixed = within_a_slice(source, sink, port, fanout == 1)
        if fixed is not None:
            return fixed
        return NET_MOST if fanout > WIDE_FANOUT else min(NET_MOST, NET_BASE + NET_PER_DOUBLING * math.log2(max(fanout, 1)))


def within_a_slice(source, sink, port, single):
    """Delay of a net that needs no routing, or None."""
    if port == "PCIN":
        return 0
    if source is None:
        return 0 if sink.kind in WIDE_MULTIPLEXER and port != "S" and single else None
    from_lut = source.is_lut() and source.kind != "INV" and single
    if sink.kind == "CARRY4":
        if (port == "CI" and source.kind == "CARRY4") or (port == "S" and from_lut):
            return 0
        return LUT_TO_CARRY_DATA if port == "DI" and from_lut else None
    if sink.kind in WIDE_MULTIPLEXER and port != "S" and single:
        return 0
    if sink.kind in FLIP_FLOPS and port == "D" and (source.kind in ("CARRY4", *WIDE_MULTIPLEXER) or from_lut):
        return 0
    return None
