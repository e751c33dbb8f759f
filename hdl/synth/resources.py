# SPDX-License-Identifier: Apache-2.0
"""What a flat netlist takes of a Xilinx FPGA: LUT sites with honest sharing, memories, flip-flops, multipliers, control sets.

A site is a LUT6 with two outputs. Two lookup tables share one when they have at most five inputs together and at least one in
common, and neither drives a carry chain or a wide multiplexer: those need the first output, at a fixed place. A bit of a carry
chain whose select comes from elsewhere takes a site to route it through. A vendor's packer also pairs tables without a common
input, where timing allows; that is not counted on.
"""
import collections

from netlist import FLIP_FLOPS, is_net

# LUT sites of a memory made of them.
LUT_MEMORIES = {"RAM32X1S": 1, "RAM32X1D": 2, "RAM32M": 4, "RAM32M16": 8, "RAM64X1S": 1, "RAM64X1D": 2, "RAM64M": 4, "RAM64M8": 8,
                "RAM128X1D": 4, "SRL16E": 1, "SRLC32E": 1}
BLOCK_RAMS = {"RAMB36E1": 1, "RAMB36E2": 1, "RAMB18E1": 0.5, "RAMB18E2": 0.5}
MULTIPLIERS = ("DSP48E1", "DSP48E2")
CARRY_BITS = {"CARRY4": 4, "CARRY8": 8}
SHARED_INPUTS = 5
# A net this wide brings no two tables together: looking through all its readers would take long.
WIDEST_COMMON_NET = 400


def figures(netlist):
    """The resources by name; lut_unshared counts every lookup table as a site of its own."""
    tables = {cell: frozenset(bit for _, bits in cell.inputs() for bit in bits if is_net(bit))
              for cell in netlist.cells if cell.is_lut()}
    fixed, routed = fixed_places(netlist, tables)
    memories = sum(LUT_MEMORIES.get(cell.kind, 0) for cell in netlist.cells)
    unshared = len(tables) + routed + memories
    block_rams = [cell for cell in netlist.cells if cell.kind in BLOCK_RAMS]
    return {
        "lut": unshared - pairs({cell: inputs for cell, inputs in tables.items() if cell not in fixed}),
        "lut_unshared": unshared,
        "lut_memory": memories,
        "ff": len(netlist.of_kind(*FLIP_FLOPS)),
        "bram36": sum(BLOCK_RAMS[cell.kind] for cell in block_rams),
        "bram_without_output_register": sum(not (cell.setting("DOA_REG") or cell.setting("DOB_REG")) for cell in block_rams),
        "dsp": len(netlist.of_kind(*MULTIPLIERS)),
        "control_sets": len({control_set(cell) for cell in netlist.of_kind(*FLIP_FLOPS)}),
    }


def control_set(cell):
    """Clock, enable and reset; the flip-flops of a slice have them in common."""
    return tuple(tuple(cell.bits(port) or [default]) for port, default in
                 (("C", "0"), ("CE", "1"), ("R" if "R" in cell.pins else "S", "0")))


def fixed_places(netlist, tables):
    """The tables that drive a carry chain or a wide multiplexer, and how many bits of carry chains are routed through a site."""
    fixed, routed = set(), 0

    def is_read(bit):
        return is_net(bit) and netlist.fanout[bit] > 0

    for cell in netlist.cells:
        if cell.kind in CARRY_BITS:
            width = CARRY_BITS[cell.kind]
            sums, carries, selects = cell.bits("O", width), cell.bits("CO", width), cell.bits("S", width)
            for i in range(width):
                if not any(map(is_read, sums[i:] + carries[i:])):
                    continue
                table = netlist.driver.get(selects[i])
                if table in tables and table not in fixed:
                    fixed.add(table)
                else:
                    routed += 1
        elif cell.kind == "MUXF7":
            fixed.update(table for table in (netlist.driver.get(cell.pins[port][0]) for port in ("I0", "I1")) if table in tables)
    return fixed, routed


def pairs(tables):
    """How many pairs share a site, chosen greedily: widest table first, with the widest that fits beside it."""
    small = {cell: inputs for cell, inputs in tables.items() if len(inputs) <= SHARED_INPUTS}
    readers = collections.defaultdict(list)
    for cell, inputs in small.items():
        for bit in inputs:
            readers[bit].append(cell)
    paired = set()
    for cell in sorted(small, key=lambda cell: (-len(small[cell]), cell.name)):
        if cell in paired:
            continue
        inputs = small[cell]
        partners = (other for bit in inputs if len(readers[bit]) <= WIDEST_COMMON_NET for other in readers[bit]
                    if other is not cell and other not in paired and len(inputs | small[other]) <= SHARED_INPUTS)
        partner = max(partners, key=lambda other: (len(small[other]), len(inputs & small[other]), other.name), default=None)
        if partner:
            paired.update((cell, partner))
    return len(paired) // 2
