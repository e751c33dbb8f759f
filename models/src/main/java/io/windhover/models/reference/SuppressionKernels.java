// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.ClasswiseNonMaximumSuppression;
import io.windhover.models.graph.NonMaximumSuppression;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** Non-maximum suppression as TensorFlow Lite and ONNX define it. */
final class SuppressionKernels {
    private SuppressionKernels() {}

    /** A box that may be chosen; those chosen before {@code comparedTo} it has been compared to already. */
    private record Candidate(int box, float score, int comparedTo) {
        static final Comparator<Candidate> BEST_FIRST = Comparator.<Candidate>comparingDouble(
                        candidate -> -candidate.score())
                .thenComparingInt(Candidate::box);
    }

    static void single(NonMaximumSuppression operator, Values values) {
        Boxes boxes = Boxes.of(values.floats(operator.inputs()[0]), false);
        float[] scores = values.floats(operator.inputs()[1]);
        Elements positions = new Elements(values, operator.outputs()[0]);
        PriorityQueue<Candidate> queue = new PriorityQueue<>(Candidate.BEST_FIRST);
        for (int box = 0; box < scores.length; box++) {
            if (scores[box] > operator.scoreThreshold()) {
                queue.add(new Candidate(box, scores[box], 0));
            }
        }
        int[] chosen = new int[Math.min(queue.size(), positions.count())];
        float[] chosenScores = new float[positions.count()];
        int count = 0;
        while (count < chosen.length && !queue.isEmpty()) {
            Cancellation.check();
            Candidate next = queue.remove();
            float score = faded(operator, boxes, next, chosen, count);
            if (Float.isNaN(score)) {
                continue;
            }
            int compared = count;
            if (score == next.score()) {
                chosen[count] = next.box();
                chosenScores[count++] = score;
            }
            if (score > operator.scoreThreshold()) {
                queue.add(new Candidate(next.box(), score, compared));
            }
        }
        for (int i = 0; i < positions.count(); i++) {
            positions.set(i, i < count ? (long) chosen[i] : 0L);
        }
        if (operator.hasScores()) {
            values.setFloats(operator.outputs()[1], chosenScores);
        }
        new Elements(values, operator.outputs()[operator.outputs().length - 1]).set(0, (long) count);
    }

    /** The candidate's score after the boxes chosen since it was last compared; NaN where one of them covers it. */
    private static float faded(
            NonMaximumSuppression operator, Boxes boxes, Candidate candidate, int[] chosen, int count) {
        float score = candidate.score();
        float scale = operator.sigma() > 0 ? -0.5f / operator.sigma() : 0;
        for (int i = count - 1; i >= candidate.comparedTo(); i--) {
            float overlap = boxes.overlap(candidate.box(), chosen[i]);
            if (overlap >= operator.overlapThreshold()) {
                return Float.NaN;
            }
            if (operator.sigma() > 0) {
                score *= (float) StrictMath.exp(scale * overlap * overlap);
            }
            if (score <= operator.scoreThreshold()) {
                break;
            }
        }
        return score;
    }

    static void classwise(ClasswiseNonMaximumSuppression operator, Values values) {
        Boxes boxes = Boxes.of(values.floats(operator.inputs()[0]), operator.centred());
        float[] scores = values.floats(operator.inputs()[1]);
        Elements rows = new Elements(values, operator.outputs()[0]);
        int count = 0;
        for (int category = 0; category < scores.length / boxes.count(); category++) {
            int first = category * boxes.count();
            float[] own = Arrays.copyOfRange(scores, first, first + boxes.count());
            int[] candidates = IntStream.range(0, own.length)
                    .filter(box -> own[box] > operator.scoreThreshold())
                    .toArray();
            for (int box :
                    greedy(boxes, sorted(candidates, own), operator.overlapThreshold(), operator.mostPerClass())) {
                rows.set(3 * count, 0L);
                rows.set(3 * count + 1, (long) category);
                rows.set(3 * count++ + 2, (long) box);
            }
        }
        for (int i = 3 * count; i < rows.count(); i++) {
            rows.set(i, -1L);
        }
        if (operator.outputs().length == 2) {
            new Elements(values, operator.outputs()[1]).set(0, (long) count);
        }
    }

    /** Boxes by score, the best first; of equal scores the first box. */
    static int[] sorted(int[] boxes, float[] scores) {
        return Arrays.stream(boxes)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(box -> -scores[box]).thenComparingInt(box -> box))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Of boxes in order, those that overlap none taken before by more than the threshold; at most so many. */
    static int[] greedy(Boxes boxes, int[] candidates, float overlapThreshold, int most) {
        int[] chosen = new int[Math.min(candidates.length, most)];
        int count = 0;
        for (int i = 0; i < candidates.length && count < chosen.length; i++) {
            Cancellation.check();
            boolean covered = false;
            for (int j = 0; j < count && !covered; j++) {
                covered = boxes.overlap(chosen[j], candidates[i]) > overlapThreshold;
            }
            if (!covered) {
                chosen[count++] = candidates[i];
            }
        }
        return Arrays.copyOf(chosen, count);
    }
}
