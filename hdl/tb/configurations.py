# SPDX-License-Identifier: Apache-2.0
"""The contract's configurations, read from the generated package, and the parameters a module takes from them."""
import pathlib
import re

HDL = pathlib.Path(__file__).resolve().parent.parent
RTL = HDL / "rtl"
PACKAGE = RTL / "wh_contract_pkg.sv"
NAMES = tuple(name.lower() for name in re.findall(r"localparam int unsigned (\w+)_ID = ", PACKAGE.read_text()))


def parameters(configuration):
    """Name to value of every parameter of the configuration; its ID is called CONFIGURATION_ID."""
    pattern = rf"localparam int unsigned {configuration.upper()}_(\w+) = (\d+);"
    found = {name: int(value) for name, value in re.findall(pattern, PACKAGE.read_text())}
    found["CONFIGURATION_ID"] = found.pop("ID")
    return found


def module_parameters(source, configuration):
    """The configuration's parameters that the module in this source file declares."""
    declared = set(re.findall(r"^\s*parameter\s+(?:\w+\s+)*?(\w+)\s*=", source.read_text(), re.M))
    return {name: value for name, value in parameters(configuration).items() if name in declared}
