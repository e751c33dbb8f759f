// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels.hpp"

namespace windhover {

/* Only for processors that have the named instructions. */
const Kernels &kernels_avx512();
const Kernels &kernels_avx2();

}  // namespace windhover
