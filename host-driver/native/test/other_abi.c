// SPDX-License-Identifier: Apache-2.0
/* A driver library of another time, for the Java tests: the version and digest are the compiler's -DABI= and -DDIGEST=.
 */
#include <stdint.h>

__attribute__((visibility("default"))) int32_t wh_abi_version(void) { return ABI; }

__attribute__((visibility("default"))) uint64_t wh_contract_digest(void) { return DIGEST; }
