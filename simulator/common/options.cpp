// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace windhover {

static std::string join(const std::set<std::string> &known) {
    std::string text;
    for (const auto &key : known) {
        text += (text.empty() ? "" : ", ") + key;
    }
    return text;
}

Options::Options(const std::string &text, const std::set<std::string> &known) {
    size_t start = 0;
    while (start < text.size()) {
        const size_t end = std::min(text.find('&', start), text.size());
        const std::string pair = text.substr(start, end - start);
        const size_t equals = pair.find('=');
        const std::string key = pair.substr(0, equals);
        if (equals == std::string::npos || known.count(key) == 0) {
            throw std::invalid_argument("option '" + pair +
                                        "' of the device is not known; write key=value with one of: " + join(known));
        }
        if (equals + 1 == pair.size()) {
            throw std::invalid_argument("option '" + pair + "' of the device has no value; write one or leave it out");
        }
        if (!values_.emplace(key, pair.substr(equals + 1)).second) {
            throw std::invalid_argument("option '" + key + "' of the device is given twice; give it once");
        }
        start = end + 1;
    }
}

std::string Options::text(const std::string &key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? "" : found->second;
}

uint64_t Options::number(const std::string &key, uint64_t absent, uint64_t least, uint64_t greatest) const {
    const auto found = values_.find(key);
    if (found == values_.end()) {
        return absent;
    }
    const std::string &digits = found->second;
    if (!digits.empty() && digits.size() <= 18 && digits.find_first_not_of("0123456789") == std::string::npos) {
        const uint64_t value = std::stoull(digits);
        if (value >= least && value <= greatest) {
            return value;
        }
    }
    throw std::invalid_argument("option '" + key + "=" + digits + "' of the device must be a whole number from " +
                                std::to_string(least) + " to " + std::to_string(greatest));
}

void check_output_file(const std::string &path, const std::string &beginning) {
    const auto status = std::filesystem::symlink_status(path);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
        throw std::invalid_argument(
            "'" + path + "' is a link, a folder, a pipe or a device and is not written; name a regular file");
    }
    std::ifstream file(path, std::ios::binary);
    std::string start(beginning.size(), '\0');
    file.read(start.data(), static_cast<std::streamsize>(start.size()));
    if (file.gcount() > 0 && (static_cast<size_t>(file.gcount()) < start.size() || start != beginning)) {
        throw std::invalid_argument("'" + path + "' holds something else and is not overwritten; name a new file");
    }
}

}  // namespace windhover
