package io.windhover.models.synthetic;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.util.Arrays;

/**
 * Local response normalisation across channels (Krizhevsky et al. 2012): x * (bias + alpha * s) ^ -beta, where s is the sum of
 * the squares of the {@code size} channels around x's. It is composed of a table that squares, a 1x1 convolution with ones inside
 * the band and zeros elsewhere, a table for the power, and a product.
 */
public record LocalResponse(int size, double alpha, double beta, double bias) {
    public static final LocalResponse ALEXNET = new LocalResponse(5, 1e-4, 0.75, 2);

    /** Of layers to be normalised: activations reach some hundreds, as on images of 0..255, so that the power varies. */
    public static final Quantization INPUT = Quantization.of(2, -128);

    /** Sums of squares cover this many times their root mean square before they saturate. */
    private static final double HEADROOM = 5;

    public int normalize(NetworkBuilder network, int input) {
        double rms = network.spread.rms(input) * network.scale(input);
        float squareScale = (float) (HEADROOM * 2 * rms * rms / 255);
        int squares = network.elementwise().table(input, "square", x -> x * x, Quantization.of(squareScale, -128));
        int sums = sum(network, squares, (float) (HEADROOM * size * rms * rms / 255));
        float powerScale = (float) (StrictMath.pow(bias, -beta) / 255);
        int powers = network.elementwise().table(sums, "power", s -> StrictMath.pow(bias + alpha * s, -beta),
                Quantization.of(powerScale, -128));
        return network.elementwise().multiply(input, powers);
    }

    private int sum(NetworkBuilder network, int squares, float scale) {
        Shape shape = network.shape(squares);
        int channels = shape.channels();
        String name = network.name("window_sum");
        int output = network.graph.tensor(name, TensorType.INT8, shape, Quantization.of(scale, -128));
        network.spread.put(output, 255 / HEADROOM);
        Rescale rescale = Rescaling.convolution(network.scale(squares), 1, scale);
        int[] multiplier = new int[channels];
        int[] shift = new int[channels];
        Arrays.fill(multiplier, rescale.multiplier());
        Arrays.fill(shift, rescale.shift());
        network.graph.operator(new Convolution(name, new int[] {squares}, new int[] {output}, Window.square(1, 1, 0), channels, 1,
                band(channels), 0, new int[channels], network.zeroPoint(squares),
                new PostProcess.Requantize(multiplier, shift, -128, -128, 127)));
        return output;
    }

    /** One where an output channel's window reaches an input channel. */
    private byte[] band(int channels) {
        byte[] weights = new byte[channels * channels];
        for (int output = 0; output < channels; output++) {
            for (int input = Math.max(0, output - size / 2); input <= Math.min(channels - 1, output + size / 2); input++) {
                weights[output * channels + input] = 1;
            }
        }
        return weights;
    }
}
