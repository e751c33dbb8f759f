// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the generated files: {@code Generate ROOT}, ROOT being the repository. */
public final class Generate {
    static final String COMMAND = "./windhover contract";
    /** First line of every generated file, behind its language's comment mark. */
    static final String FIRST_LINE = "Generated from hdl/contract/contract.yaml by `" + COMMAND + "`.";

    static final String LICENSE = "SPDX-License-Identifier: Apache-2.0";

    private Generate() {}

    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments.length > 0 ? arguments[0] : ".");
        for (Map.Entry<String, String> file : outputs(root).entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
            System.out.println("wrote " + file.getKey());
        }
    }

    /** Path below the root to content, of every generated file. */
    static Map<String, String> outputs(Path root) throws IOException {
        ContractFile contract = ContractFile.parse(Files.readString(root.resolve("hdl/contract/contract.yaml")));
        Map<String, String> outputs = new LinkedHashMap<>();
        outputs.put("hdl/rtl/wh_contract_pkg.sv", SystemVerilogWriter.write(contract));
        outputs.put("host-driver/native/include/windhover_contract.h", CHeaderWriter.write(contract));
        JavaWriter.write(contract)
                .forEach((name, text) ->
                        outputs.put("hdl/contract/src/main/java/io/windhover/contract/" + name + ".java", text));
        outputs.put("hdl/doc/contract.md", ReferencePageWriter.write(contract));
        return outputs;
    }
}
