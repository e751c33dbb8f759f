// SPDX-License-Identifier: Apache-2.0
/* How fast a transport runs single compute commands, in billions of multiply-accumulates a second.
 *   throughput LIBRARY [CONFIGURATION] [OPTIONS] */
#include "bench.hpp"

#include <chrono>
#include <cstdio>

using namespace bench;

namespace {

struct Layer {
    const char *name;
    int64_t size, in_blocks, groups, kernel, stride;
    bool depthwise;
};

Command int8(const Layer &layer) {
    Command command(WH_OPCODE_INT8_CONVOLUTION);
    const uint64_t size = static_cast<uint64_t>(layer.size), blocks = static_cast<uint64_t>(layer.in_blocks);
    const int64_t out = (layer.size + layer.stride - 1) / layer.stride;
    const uint64_t ring = (size + 3) / 4, quads = (size + 3) / 4;
    command.words[1] = MapWord{0, blocks, quads, ring, 0, 0}.packed();
    command.words[2] = MapWord{ring * quads * blocks,
                               static_cast<uint64_t>(layer.groups),
                               static_cast<uint64_t>(out + 3) / 4,
                               static_cast<uint64_t>(out + 3) / 4,
                               0,
                               0}
                           .packed();
    SET(command, int8_convolution_in_rows, layer.size).set(wh_int8_convolution_in_columns, layer.size);
    SET(command, int8_convolution_out_rows, out).set(wh_int8_convolution_out_columns, out);
    SET(command, int8_convolution_kernel_height, layer.kernel).set(wh_int8_convolution_kernel_width, layer.kernel);
    SET(command, int8_convolution_pad_top, layer.kernel / 2).set(wh_int8_convolution_pad_left, layer.kernel / 2);
    SET(command, int8_convolution_stride_y, layer.stride).set(wh_int8_convolution_stride_x, layer.stride);
    SET(command, int8_convolution_dilation_y, 1).set(wh_int8_convolution_dilation_x, 1);
    SET(command, int8_convolution_channel_blocks, layer.in_blocks).set(wh_int8_convolution_groups, layer.groups);
    SET(command, int8_convolution_tile, 32).set(wh_int8_convolution_wide, 1);
    SET(command, int8_convolution_clamp_min, -128).set(wh_int8_convolution_clamp_max, 127);
    SET(command, int8_convolution_depthwise, layer.depthwise).set(wh_int8_convolution_single, layer.stride != 1);
    SET(command, int8_convolution_window_height, layer.depthwise ? 3 : 0)
        .set(wh_int8_convolution_window_width, layer.depthwise ? 3 : 0);
    return command;
}

Command xnor(int64_t size, int64_t blocks, int64_t groups) {
    Command command = int8({"", size, blocks, groups, 3, 1, false});
    command.words[0] = WH_OPCODE_XNOR_CONVOLUTION;
    command.words[5] = 0;
    SET(command, xnor_convolution_post, WH_POST_BITS).set(wh_xnor_convolution_last_bits, 64);
    SET(command, xnor_convolution_write_blocks, groups);
    return command;
}

void measure(Device &device, const char *name, const Command &command, double products) {
    uint64_t address;
    uint8_t *data = device.allocate(4096, address);
    const std::vector<Command> program(400, command);
    double best_s = 1e9;
    for (int i = 0; i < 5; i++) {
        const auto start = std::chrono::steady_clock::now();
        const uint32_t fault = device.run(program, address, 4096);
        expect(fault == 0, std::string(name) + ": fault " + std::to_string(fault));
        best_s = std::min(best_s, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    std::printf("%-40s %8.1f us/command %8.2f G/s\n", name, best_s / 400 * 1e6, products * 400 / best_s / 1e9);
    device.release(data);
}

}  // namespace

int main(int count, char **arguments) {
    Device device(arguments[1], count > 2 ? arguments[2] : "zynq7020", count > 3 ? arguments[3] : "threads=1");
    const Layer layers[] = {{"1x1 96 -> 576, 14x14", 14, 12, 72, 1, 1, false},
                            {"1x1 144 -> 24, 28x28", 28, 18, 3, 1, 1, false},
                            {"1x1 320 -> 480, 7x7", 7, 40, 60, 1, 1, false},
                            {"1x1 16 -> 96, 28x28", 28, 2, 12, 1, 1, false},
                            {"3x3 64 -> 64, 28x28", 28, 8, 8, 3, 1, false},
                            {"fully connected 256 -> 512", 1, 32, 64, 1, 1, false},
                            {"depthwise 3x3 x 144, 28x28", 28, 18, 18, 3, 1, true},
                            {"depthwise 3x3 stride 2 x 144, 28x28", 28, 18, 18, 3, 2, true},
                            {"depthwise 3x3 x 384, 14x14", 14, 48, 48, 3, 1, true}};
    for (const Layer &layer : layers) {
        const int64_t out = (layer.size + layer.stride - 1) / layer.stride;
        const double products = static_cast<double>(out * out * layer.groups * 8 * layer.kernel * layer.kernel *
                                                    (layer.depthwise ? 1 : layer.in_blocks * 8));
        measure(device, layer.name, int8(layer), products);
    }
    measure(device, "binary 3x3 128 -> 128, 28x28", xnor(28, 2, 2), 28.0 * 28 * 128 * 128 * 9);
    return 0;
}
