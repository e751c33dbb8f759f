# SPDX-License-Identifier: Apache-2.0
"""From SystemVerilog to one flat netlist: every module is synthesised by itself, and the results are linked.

yosys 0.23 takes a quarter of an hour for the flattened design at once, and seconds for most modules; so each is kept under
hdl/build/synth by the digest of what it depends on, and a change costs its own modules and the linking.
"""
import collections
import concurrent.futures
import hashlib
import pathlib
import re
import signal
import subprocess
import sys

SYNTH = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(SYNTH.parent / "tb"))
import configurations as contract

BUILD = contract.HDL / "build" / "synth"
TOP = "wh_accelerator"
# Without the wide multiplexers yosys counts fewer lookup tables; pads and clock buffers are the integrator's.
OPTIONS = "-nowidelut -noiopad -noclkbuf"
# yosys inverts a reset once for every flip-flop; like cells with like inputs become one.
MERGE = ["opt_merge -share_all", "opt_clean"]
LIBRARY = ("cells_sim.v", "cells_xtra.v")
FAMILIES = {"zu3eg": "xcup"}


class Design:
    """The accelerator in one configuration."""

    def __init__(self, configuration):
        self.configuration = configuration
        self.family = FAMILIES.get(configuration, "xc7")
        self.modules = split(elaborated(configuration))
        self.uses = self._uses()

    def _uses(self):
        """How often each module is in the design."""
        count = collections.Counter()

        def visit(name, times):
            count[name] += times
            for child, uses in children(self.modules[name], self.modules).items():
                visit(child, times * uses)

        visit("\\" + TOP, 1)
        return count

    def module_file(self, name):
        """Where the module's netlist is kept. Its RTLIL is not in the digest, because yosys renames signals on any edit;
        what is kept may so differ by a few lookup tables from what is made from nothing, which is what counts."""
        used = sorted(children(self.modules[name], self.modules))
        sources = [contract.PACKAGE] + [contract.RTL / f"{readable(module)}.sv" for module in [name, *used]]
        bound = self.configuration if readable(name) == TOP else ""
        return BUILD / ("netlist-" + digest(OPTIONS, *MERGE, self.family, bound, name, *used, *(path.read_text() for path in sources)) + ".il")

    def module_json(self, name):
        """The same netlist as JSON; the module is called unit there."""
        return self.module_file(name).with_suffix(".json")

    def synthesise(self, name):
        """The file with the module's netlist, its submodules as black boxes."""
        result = self.module_file(name)
        if not result.exists():
            stubs = (stub(child, self.modules[child]) for child in sorted(children(self.modules[name], self.modules)))
            source = result.with_suffix(".source")
            source.write_text("module \\unit\n" + self.modules[name] + "end\n" + "".join(stubs))
            yosys(f"read_rtlil {source}; synth_xilinx -family {self.family} -top unit {OPTIONS}; {'; '.join(MERGE)}; select unit; "
                  f"write_rtlil -selected {result}.new; json -o {self.module_json(name)}")
            text = pathlib.Path(f"{result}.new").read_text()
            text = re.sub(r"^module \\unit$", lambda _: "module " + name, text, count=1, flags=re.M)
            text = re.sub(r"^ *attribute \\(top|src) [^\n]*\n", "", text, flags=re.M)
            replace(result, text)
            source.unlink()
        return result

    def synthesise_all(self):
        """The files of all modules; the largest are begun first."""
        order = sorted(self.uses, key=lambda name: -len(self.modules[name]))
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            return dict(zip(order, pool.map(self.synthesise, order)))

    def link(self):
        """The file with the flat netlist in yosys' JSON; only the latest of a configuration is kept."""
        files = self.synthesise_all()
        result = BUILD / f"{self.configuration}-{digest(*sorted(file.name for file in files.values()))}.json"
        if not result.exists():
            yosys("\n".join([
                *(f"read_verilog -lib +/xilinx/{name}" for name in LIBRARY), *(f"read_rtlil {file}" for file in files.values()),
                f"hierarchy -top {TOP}", "flatten", *MERGE, f"select {TOP}", f"json -o {result}.new"]))
            for old in BUILD.glob(f"{self.configuration}-*.json"):
                old.unlink()
            pathlib.Path(f"{result}.new").rename(result)
        return result


def yosys(script):
    script_file = BUILD / f"{digest(script)}.ys"
    script_file.write_text(script.replace("; ", "\n") + "\n")
    # Names that yosys makes hold the path of the source, and it orders by them: relative paths, so that every checkout counts the same.
    # It ends with us, whatever ends us.
    done = subprocess.run(["setpriv", "--pdeathsig", "TERM", "yosys", "-q", str(script_file)],
                          capture_output=True, text=True, cwd=contract.HDL)
    if done.returncode in (-signal.SIGINT, -signal.SIGTERM):
        script_file.unlink()
        raise KeyboardInterrupt
    if done.returncode < 0:
        print(f"yosys was ended by signal {-done.returncode}, {signal.Signals(-done.returncode).name}.", file=sys.stderr)
        sys.exit(2)
    if done.returncode:
        print(f"yosys failed: {(done.stdout + done.stderr)[-2000:]}\nThe script is {script_file}.", file=sys.stderr)
        sys.exit(2)
    script_file.unlink()


def replace(path, text):
    new = pathlib.Path(f"{path}.new")
    new.write_text(text)
    new.rename(path)


def digest(*texts):
    hashed = hashlib.sha256()
    for text in texts:
        hashed.update(text.encode())
        hashed.update(b"\0")
    return hashed.hexdigest()[:24]


def elaborated(configuration):
    """The design after parameters are bound, as RTLIL text."""
    sources = [contract.PACKAGE] + sorted(path for path in contract.RTL.glob("wh_*.sv") if path != contract.PACKAGE)
    result = BUILD / f"elaborated-{configuration}-{digest(configuration, *(path.read_text() for path in sources))}.il"
    if not result.exists():
        wanted = contract.module_parameters(contract.RTL / f"{TOP}.sv", configuration)
        parameters = " ".join(f"-chparam {name} {value}" for name, value in wanted.items())
        files = " ".join(str(path.relative_to(contract.HDL)) for path in sources)
        yosys(f"read_verilog -sv {files}; hierarchy -check -top {TOP} {parameters}; write_rtlil {result}.new")
        pathlib.Path(f"{result}.new").rename(result)
    return result.read_text()


def split(design):
    """Module name to its RTLIL, without source locations."""
    text = "\n".join(line for line in design.split("\n") if "attribute \\src" not in line)
    found = re.findall(r"^((?:attribute [^\n]*\n)*)module (\S+)\n(.*?)^end$", text, re.M | re.S)
    return {name: body for _, name, body in found}


def stub(name, body):
    ports = re.findall(r"^  wire [^\n]*\b(?:input|output|inout) \d+[^\n]*$", body, re.M)
    return "attribute \\blackbox 1\nmodule " + name + "\n" + "\n".join(ports) + "\nend\n"


def children(body, modules):
    return collections.Counter(kind for kind in re.findall(r"^  cell (\S+) ", body, re.M) if kind in modules)


def readable(name):
    return re.sub(r"^\$paramod(\$[0-9a-f]+)?\\|^\\", "", name).split("\\")[0]
