// SPDX-License-Identifier: Apache-2.0
/* What a device's options are, and which files it writes. */
#include "options.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace files = std::filesystem;

static int failures = 0;

static void expect(bool holds, const char *sentence) {
    std::printf("%s  %s\n", holds ? "ok  " : "FAIL", sentence);
    failures += !holds;
}

static bool refused(const std::string &path) {
    try {
        windhover::check_output_file(path, "times ");
        return false;
    } catch (const std::invalid_argument &) {
        return true;
    }
}

static bool options_refused(const char *text) {
    try {
        const windhover::Options options(text, {"stalls", "wave"});
        return !options.has("stalls");
    } catch (const std::invalid_argument &) {
        return true;
    }
}

int main() {
    expect(!options_refused("stalls=1&wave=file"), "options of a device are read");
    expect(options_refused("stalls=1&stalls=2"), "an option given twice is refused");
    expect(options_refused("wave="), "an option without a value is refused");
    expect(options_refused("nonsense=1"), "an option that is not known is refused");
    const files::path folder = files::temp_directory_path() / ("options-test-" + std::to_string(getpid()));
    files::create_directory(folder);
    std::ofstream(folder / "file") << "times of old";
    std::ofstream(folder / "model") << "TFL3 and more";
    std::ofstream(folder / "short") << "tim";
    std::ofstream(folder / "empty").close();
    files::create_symlink(folder / "file", folder / "link");
    files::create_symlink(folder / "absent", folder / "dangling");
    mkfifo((folder / "pipe").c_str(), 0600);
    expect(!refused(folder / "new"), "a new file may be written");
    expect(!refused(folder / "file"), "an earlier file of ours may be replaced");
    expect(!refused(folder / "empty"), "an empty file may be replaced");
    expect(refused(folder / "model"), "a file of something else is not overwritten");
    expect(refused(folder / "short"), "a file that only begins alike is not overwritten");
    expect(refused(folder / "link"), "a link is not followed");
    expect(refused(folder / "dangling"), "a link to nothing is not followed");
    expect(refused(folder / "pipe"), "a pipe is not written");
    expect(refused(folder), "a folder is not written");
    expect(refused("/dev/null"), "a device is not written");
    files::remove_all(folder);
    return failures != 0;
}
