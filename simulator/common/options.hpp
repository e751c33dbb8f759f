// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace windhover {

/* A locator's "key=value&key=value". Errors are std::invalid_argument with one sentence. */
class Options {
  public:
    Options(const std::string &text, const std::set<std::string> &known);

    bool has(const std::string &key) const { return values_.count(key) != 0; }
    std::string text(const std::string &key) const;
    uint64_t number(const std::string &key, uint64_t absent, uint64_t least, uint64_t greatest) const;

  private:
    std::map<std::string, std::string> values_;
};

/* Throws std::invalid_argument unless the path is a regular file's or nothing's; links are not followed. */
void check_output_file(const std::string &path);

}  // namespace windhover
