// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the generated files: {@code Generate ROOT}, ROOT being the repository. */
public final class Generate {
    static final String COMMAND = "./windhover contract";

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
        String java = "host-driver/src/main/java/io/windhover/driver/contract/";
        Map<String, String> outputs = new LinkedHashMap<>();
        outputs.put("hdl/rtl/wh_contract_pkg.sv", SystemVerilogWriter.write(contract));
        outputs.put("host-driver/native/include/windhover_contract.h", CHeaderWriter.write(contract));
        outputs.put(java + "Contract.java", JavaWriter.contract(contract));
        outputs.put(java + "Fields.java", JavaWriter.fields(contract));
        outputs.put("hdl/doc/contract.md", ReferencePageWriter.write(contract));
        return outputs;
    }
}
