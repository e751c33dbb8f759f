// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static java.util.Map.entry;

import io.windhover.models.graph.Arithmetic;
import io.windhover.models.graph.Compare;
import io.windhover.models.graph.Logical;
import io.windhover.models.graph.Reduce;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Importers of operators that compute INT32, INT64 and BOOL values from data; what only moves them is read alike for
 * all types.
 */
final class IntegerImporters {
    private static final Map<Integer, OperatorImporter> ALL = Map.ofEntries(
            entry(BuiltinOperator.ADD, HostImporters.arithmetic(Arithmetic.Function.ADD)),
            entry(BuiltinOperator.CUMSUM, HostImporters::readCumulativeSum),
            entry(BuiltinOperator.DIV, HostImporters.arithmetic(Arithmetic.Function.DIVIDE)),
            entry(BuiltinOperator.EQUAL, HostImporters.compare(Compare.Function.EQUAL)),
            entry(BuiltinOperator.FLOOR_DIV, HostImporters.arithmetic(Arithmetic.Function.FLOOR_DIVIDE)),
            entry(BuiltinOperator.FLOOR_MOD, HostImporters.arithmetic(Arithmetic.Function.FLOOR_MODULO)),
            entry(BuiltinOperator.GREATER, HostImporters.compare(Compare.Function.GREATER)),
            entry(BuiltinOperator.GREATER_EQUAL, HostImporters.compare(Compare.Function.GREATER_EQUAL)),
            entry(BuiltinOperator.LESS, HostImporters.compare(Compare.Function.LESS)),
            entry(BuiltinOperator.LESS_EQUAL, HostImporters.compare(Compare.Function.LESS_EQUAL)),
            entry(BuiltinOperator.LOGICAL_AND, HostImporters.logical(Logical.Function.AND)),
            entry(BuiltinOperator.LOGICAL_NOT, HostImporters.logical(Logical.Function.NOT)),
            entry(BuiltinOperator.LOGICAL_OR, HostImporters.logical(Logical.Function.OR)),
            entry(BuiltinOperator.MAXIMUM, HostImporters.arithmetic(Arithmetic.Function.MAXIMUM)),
            entry(BuiltinOperator.MINIMUM, HostImporters.arithmetic(Arithmetic.Function.MINIMUM)),
            entry(BuiltinOperator.MUL, HostImporters.arithmetic(Arithmetic.Function.MULTIPLY)),
            entry(BuiltinOperator.NOT_EQUAL, HostImporters.compare(Compare.Function.NOT_EQUAL)),
            entry(BuiltinOperator.POW, HostImporters.arithmetic(Arithmetic.Function.POWER)),
            entry(BuiltinOperator.REDUCE_MAX, HostImporters.reduce(Reduce.Function.MAXIMUM)),
            entry(BuiltinOperator.REDUCE_MIN, HostImporters.reduce(Reduce.Function.MINIMUM)),
            entry(BuiltinOperator.REDUCE_PROD, HostImporters.reduce(Reduce.Function.PRODUCT)),
            entry(BuiltinOperator.SQUARED_DIFFERENCE, HostImporters.arithmetic(Arithmetic.Function.SQUARED_DIFFERENCE)),
            entry(BuiltinOperator.SUB, HostImporters.arithmetic(Arithmetic.Function.SUBTRACT)),
            entry(BuiltinOperator.SUM, HostImporters.reduce(Reduce.Function.SUM)));

    private IntegerImporters() {}

    /**
     * The importer of this builtin operator over integers, or null when it is read alike for all types or not at all.
     */
    static @Nullable OperatorImporter of(int builtin) {
        OperatorImporter importer = ALL.get(builtin);
        return importer == null ? null : ShapeArithmetic.or(importer);
    }
}
