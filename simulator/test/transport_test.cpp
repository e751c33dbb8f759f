// SPDX-License-Identifier: Apache-2.0
/* Random single commands on any transport against the plain loops of naive.cpp, and the ways a job can end.
 *   transport-test LIBRARY [CONFIGURATION] [OPTIONS] [CASES] [SEED]
 * WINDHOVER_ONLY=PART in the environment keeps the tests with PART in their name. */
#include "fixture.hpp"

#include <cstdlib>
#include <exception>
#include <functional>

using namespace bench;

int main(int count, char **arguments) {
    const auto argument = [&](int index, const char *absent) {
        return std::string(index < count ? arguments[index] : absent);
    };
    const Where where = {argument(1, ""), argument(2, "zynq7020"), argument(3, "")};
    const uint64_t cases = std::stoull(argument(4, "100"));
    const uint64_t first_seed = std::stoull(argument(5, "1"));
    const char *only = std::getenv("WINDHOVER_ONLY");
    const auto on_device = [&where](void (*test)(Bench &)) {
        return [&where, test](uint64_t seed) {
            Bench bench(where.library, where.configuration, where.options, seed);
            test(bench);
        };
    };
    struct Test {
        const char *name;
        std::function<void(uint64_t)> run;
        uint64_t times;
    };
    std::vector<Test> tests = {
        {"commands_are_the_golden_bits", [](uint64_t) { commands_are_the_golden_bits(); }, 1},
        {"the_device_says_what_it_is", on_device(the_device_says_what_it_is), 1},
        {"a_job_ends_in_the_fault_it_deserves", on_device(a_job_ends_in_the_fault_it_deserves), 1},
        {"random_commands_end", on_device(random_commands_end), (cases + 19) / 20},
        {"reset_stops_a_job_that_waits_for_ever", on_device(reset_stops_a_job_that_waits_for_ever), 1},
        {"a_doorbell_right_after_a_reset_starts_its_job", on_device(a_doorbell_right_after_a_reset_starts_its_job), 1},
        {"a_doorbell_while_busy_starts_the_next_job", on_device(a_doorbell_while_busy_starts_the_next_job), 1},
        {"registers_keep_the_bits_of_the_contract", on_device(registers_keep_the_bits_of_the_contract), 1},
        {"a_store_into_a_read_only_region_writes_nothing", on_device(a_store_into_a_read_only_region_writes_nothing),
         1},
        {"a_program_ends_where_its_region_does", on_device(a_program_ends_where_its_region_does), 1},
        {"a_fault_can_be_read_until_the_next_job", on_device(a_fault_can_be_read_until_the_next_job), 1},
        {"a_fraction_is_for_codes_only", on_device(a_fraction_is_for_codes_only), 1},
        {"a_reset_ends_any_command_at_once", on_device(a_reset_ends_any_command_at_once), 1},
        {"moved_maps_equal_the_naive_model", on_device(move_case), cases},
        {"patches_equal_the_naive_model", on_device(patch_case), cases},
        {"int8_convolution_equals_the_naive_model", on_device(int8_case), cases},
        {"xnor_convolution_equals_the_naive_model", on_device(xnor_case), cases},
        {"vector_operators_equal_the_naive_model", on_device(vector_case), cases}};
    if (where.library.find("-rtl") != std::string::npos) {
        tests.push_back({"a_failed_burst_is_a_fault_of_its_command",
                         [&where](uint64_t) { a_failed_burst_is_a_fault_of_its_command(where); }, 1});
        tests.push_back({"a_memory_that_does_not_answer_is_dead",
                         [&where](uint64_t) { a_memory_that_does_not_answer_is_dead(where); }, 1});
    }
    int failures = 0;
    for (const auto &test : tests) {
        if (only != nullptr && std::string(test.name).find(only) == std::string::npos) {
            continue;
        }
        uint64_t seed = first_seed;
        try {
            for (uint64_t i = 0; i < test.times; i++, seed++) {
                test.run(seed);
            }
            std::printf("ok    %s (%llu, seeds from %llu)\n", test.name, static_cast<unsigned long long>(test.times),
                        static_cast<unsigned long long>(first_seed));
        } catch (const std::exception &error) {
            std::printf("FAIL  %s, seed %llu: %s\n", test.name, static_cast<unsigned long long>(seed), error.what());
            failures++;
        }
        std::fflush(stdout);
    }
    return failures == 0 ? 0 : 1;
}
