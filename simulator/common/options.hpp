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

/* Throws std::invalid_argument unless the path is nothing's or a regular file's that is empty or begins like an earlier
 * one of ours, so that no model or input is overwritten; links are not followed. */
void check_output_file(const std::string &path, const std::string &beginning);

}  // namespace windhover
