// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.Classification;
import io.windhover.runtime.Classification.Score;
import io.windhover.runtime.Classification.Timings;
import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Limits;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.model.ModelLoader;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions on the functional model through compiler, driver and transport. */
@Simulated("functional:")
class SessionOnDeviceTest {
    private static final String DEVICE = "functional:";
    private static final String SMALL = "zoo:lenet_300_100";

    private static byte[] input(Graph graph, long seed) {
        byte[] bytes = new byte[graph.tensor(graph.inputs()[0]).bytes()];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Model model(String source) {
        return new ModelLoader(Limits.DEFAULT.modelBytes()).load(source);
    }

    private static byte[] output(Session session, byte[] input) {
        Frame frame = session.frame();
        session.fill(frame, 0, input);
        session.submit(frame);
        session.await(frame);
        byte[] bytes = new byte[frame.output(0).capacity()];
        frame.output(0).get(0, bytes);
        return bytes;
    }

    @Test
    void answers_like_the_reference_executor_with_two_frames_in_flight() {
        Graph graph = Zoo.load("lenet5");
        ReferenceExecutor reference = new ReferenceExecutor(graph);
        try (Device device = Device.open(DEVICE);
                Session session = device.load("zoo:lenet5")) {
            Frame before = session.frame();
            session.fill(before, 0, input(graph, 0));
            session.submit(before);
            for (int seed = 1; seed < 20; seed++) {
                Frame frame = session.frame();
                session.fill(frame, 0, input(graph, seed));
                session.submit(frame);
                session.await(before);
                byte[] actual = new byte[before.output(0).capacity()];
                before.output(0).get(0, actual);
                assertArrayEquals(reference.infer(input(graph, seed - 1)).get(0), actual, "seed " + (seed - 1));
                before = frame;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zoo:mobilenet_v1_0.25_96",
                "zoo:mobilenet_v3_small@reduced",
                "zoo:shufflenet_v2_0.5@reduced",
                "zoo:xnor_alexnet@reduced",
                "zoo:densenet_121@reduced"
            })
    void keeping_all_tensors_changes_no_output_and_shows_every_activation(String network) {
        checkEveryActivation(model(network));
    }

    @Test
    void a_reshaped_input_is_shown_although_the_accelerator_never_makes_it() {
        NetworkBuilder network = new NetworkBuilder("reshaped_input", 5);
        int image = network.input(4, 6, 3, 0.1f, 5);
        int vector = network.elementwise().reshape(image, Shape.vector(72));
        Graph graph = network.build(network.fullyConnected(vector, 10, Activation.NONE));
        checkEveryActivation(new Model("reshaped_input", "0", graph, null));
    }

    private static void checkEveryActivation(Model model) {
        Graph graph = model.graph();
        byte[] input = input(graph, 7);
        var expected = new ReferenceExecutor(graph).run(input);
        try (Device device = Device.open(DEVICE);
                Session session = device.load(model, SessionOptions.DEFAULT.withAllTensors(true))) {
            Frame frame = session.frame();
            session.fill(frame, 0, input);
            session.submit(frame);
            session.await(frame);
            for (Tensor tensor : graph.activations()) {
                assertArrayEquals(
                        expected.bytes(tensor.index()), session.activation(frame, tensor.index()), tensor.toString());
            }
        }
    }

    @Test
    void several_sessions_share_a_device() {
        Graph one = Zoo.load("lenet5");
        Graph two = Zoo.load("lenet_300_100");
        try (Device device = Device.open(DEVICE);
                Session first = device.load("zoo:lenet5");
                Session second = device.load(SMALL)) {
            for (int round = 0; round < 3; round++) {
                assertArrayEquals(
                        new ReferenceExecutor(one).infer(input(one, round)).get(0), output(first, input(one, round)));
                assertArrayEquals(
                        new ReferenceExecutor(two).infer(input(two, round)).get(0), output(second, input(two, round)));
            }
        }
    }

    @Test
    void a_frame_that_takes_too_long_is_named_and_the_device_lives_on() {
        try (Device device = Device.open(DEVICE)) {
            SessionOptions impatient = new SessionOptions(false, Duration.ofNanos(1000), Limits.DEFAULT);
            try (Session session = device.load(model("zoo:mobilenet_v1_1.0_224"), impatient)) {
                Frame first = session.frame();
                Frame second = session.frame();
                Executable wait = () -> session.await(second);
                session.submit(first);
                session.submit(second);
                String message = assertThrows(WindhoverException.class, wait).getMessage();
                assertTrue(message.contains("raise the timeout") && message.contains("mobilenet_v1_1.0_224"), message);
            }
            Graph graph = Zoo.load("lenet_300_100");
            try (Session session = device.load(SMALL)) {
                assertArrayEquals(
                        new ReferenceExecutor(graph).infer(input(graph, 3)).get(0), output(session, input(graph, 3)));
            }
        }
    }

    @Test
    void closing_with_frames_in_flight_ends_at_once() {
        try (Device device = Device.open(DEVICE);
                Session session = device.load("zoo:mobilenet_v1_1.0_224")) {
            session.submit(session.frame());
            session.submit(session.frame());
        }
    }

    @Test
    void nothing_is_allocated_between_filled_buffer_and_logits() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        try (Device device = Device.open(DEVICE);
                Session session = device.load(SMALL)) {
            for (int frame = 0; frame < 20_000; frame++) {
                pass(session);
            }
            long before = threads.getThreadAllocatedBytes(self);
            long nothing = threads.getThreadAllocatedBytes(self) - before;
            before = threads.getThreadAllocatedBytes(self);
            for (int frame = 0; frame < 1000; frame++) {
                pass(session);
            }
            assertEquals(nothing, threads.getThreadAllocatedBytes(self) - before);
        }
    }

    private static void pass(Session session) {
        Frame frame = session.frame();
        session.submit(frame);
        session.await(frame);
        frame.output(0);
    }

    /** So few that what a compiler might optimise away, which the service's does not, is still allocated. */
    private static final int WARMING = 300;

    private static final int MEASURED = 100;
    private static final int ROUNDS = 5;

    /** The latest result, kept so that it has to be made. */
    private static volatile @Nullable Classification kept;

    /** Of the round with the least: Java itself allocates now and then, while it compiles what runs often. */
    private static long allocatedBytes(Runnable frame) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        for (int i = 0; i < WARMING; i++) {
            frame.run();
        }
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getThreadAllocatedBytes(self);
            long nothing = threads.getThreadAllocatedBytes(self) - before;
            before = threads.getThreadAllocatedBytes(self);
            for (int i = 0; i < MEASURED; i++) {
                frame.run();
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(self) - before - nothing);
        }
        assertNotNull(kept);
        return least;
    }

    /** An equal object, and no other: scores, their list, timings, and the record of both. */
    private static Classification copy(Classification result, Score[] scores) {
        for (int i = 0; i < scores.length; i++) {
            Score score = result.top().get(i);
            scores[i] = new Score(score.label(), score.index(), score.score());
        }
        Timings timings = result.timings();
        return new Classification(
                List.of(scores),
                new Timings(timings.decodeUs(), timings.preprocessUs(), timings.accelerateUs(), timings.classifyUs()));
    }

    /** A filled frame goes in; its result comes out, and nothing else was allocated than a result is made of. */
    @ParameterizedTest
    @ValueSource(strings = {SMALL, "zoo:landing_pad_int8"})
    void only_the_result_is_allocated_between_filled_buffer_and_result(String network) {
        try (Device device = Device.open(DEVICE);
                Session session = device.load(network)) {
            double[] probabilities = new double[session.model().classes()];
            Frame first = session.frame();
            session.submit(first);
            session.await(first);
            Classification result = session.classification(first, 5);
            Score[] scores = new Score[result.top().size()];
            long own = allocatedBytes(() -> kept = copy(result, scores));
            assertTrue(own > 0);
            assertEquals(own, allocatedBytes(() -> {
                Frame frame = session.frame();
                session.submit(frame);
                session.await(frame);
                kept = session.classification(frame, 5);
            }));
            assertEquals(own, allocatedBytes(() -> {
                Frame frame = session.frame();
                session.submit(frame);
                session.await(frame);
                session.probabilities(frame, probabilities);
                kept = session.classification(frame, probabilities, 5, 0);
            }));
        }
    }
}
