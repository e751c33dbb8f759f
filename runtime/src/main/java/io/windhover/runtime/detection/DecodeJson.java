// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.windhover.runtime.detection.Decode.Activation;
import io.windhover.runtime.detection.Decode.Coordinates;
import io.windhover.runtime.detection.Decode.Kind;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A decode description as JSON, which is what a {@code .whm} file holds and {@code --decode FILE.json} reads. */
public final class DecodeJson {
    /** Largest description that is read. */
    public static final int MOST_BYTES = 16 << 20;

    private static final int VERSION = 1;
    private static final Set<String> KEYS = Set.of(
            "version",
            "kind",
            "coordinates",
            "activation",
            "background",
            "scales",
            "priors",
            "minimum_score",
            "iou",
            "count");
    private static final Set<String> LAYOUT_KEYS = Set.of("maps", "minimum_scale", "maximum_scale", "aspect_ratios");

    private DecodeJson() {}

    public static byte[] write(Decode decode) {
        JsonObject json = new JsonObject();
        json.addProperty("version", VERSION);
        json.addProperty("kind", decode.kind().lower());
        Coordinates coordinates = decode.coordinates();
        if (coordinates != null) {
            json.addProperty("coordinates", lower(coordinates));
        }
        json.addProperty("activation", lower(decode.activation()));
        json.addProperty("background", decode.background());
        json.add("scales", numbers(decode.scales()));
        float[] priors = decode.priors();
        if (priors != null) {
            json.add("priors", numbers(priors));
        }
        json.addProperty("minimum_score", decode.minimumScore());
        json.addProperty("iou", decode.iou());
        json.addProperty("count", decode.count());
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static JsonArray numbers(float[] values) {
        JsonArray array = new JsonArray(values.length);
        for (float value : values) {
            array.add(value);
        }
        return array;
    }

    /** Reads and checks a description; a {@link WindhoverException} says what is wrong with it. */
    public static Decode read(byte[] text) {
        if (text.length > MOST_BYTES) {
            throw wrong("has " + text.length + " bytes, more than " + MOST_BYTES);
        }
        if (!StrictJson.beginsLikeObject(text)) {
            throw wrong("is no JSON object");
        }
        try {
            return read(StrictJson.object(text, "The decode description"));
        } catch (IllegalStateException
                | ClassCastException
                | NumberFormatException
                | UnsupportedOperationException malformed) {
            throw wrong("has a value of the wrong type");
        }
    }

    private static Decode read(JsonObject json) {
        refuseOthers(json, KEYS);
        if (!json.has("version")) {
            throw wrong("has no version; this program reads " + VERSION);
        }
        if (number(json.get("version")) != VERSION) {
            throw wrong("has version " + json.get("version") + ", this program reads " + VERSION);
        }
        if (!json.has("kind")) {
            throw wrong("has no kind");
        }
        Decode usual = Decode.of(choice(Kind.class, json.get("kind")));
        return new Decode(
                usual.kind(),
                json.has("coordinates") ? choice(Coordinates.class, json.get("coordinates")) : null,
                json.has("activation") ? choice(Activation.class, json.get("activation")) : usual.activation(),
                json.has("background") ? truth(json.get("background")) : usual.background(),
                json.has("scales") ? floats(json.get("scales").getAsJsonArray()) : usual.scales(),
                json.has("priors") ? priors(json.get("priors")) : null,
                json.has("minimum_score") ? number(json.get("minimum_score")) : usual.minimumScore(),
                json.has("iou") ? number(json.get("iou")) : usual.iou(),
                json.has("count") ? whole(json.get("count")) : usual.count());
    }

    private static float @Nullable [] priors(JsonElement given) {
        if (given.isJsonArray()) {
            if (given.getAsJsonArray().size() > Priors.MOST * 4) {
                throw wrong("has more than " + Priors.MOST + " priors");
            }
            return floats(given.getAsJsonArray());
        }
        JsonObject json = given.getAsJsonObject();
        refuseOthers(json, LAYOUT_KEYS);
        if (!json.has("maps")) {
            throw wrong("has priors without their maps");
        }
        List<int[]> maps = new ArrayList<>();
        for (JsonElement map : json.get("maps").getAsJsonArray()) {
            JsonArray sizes = map.getAsJsonArray();
            if (sizes.size() != 2) {
                throw wrong("has a map that is not [height, width]");
            }
            maps.add(new int[] {whole(sizes.get(0)), whole(sizes.get(1))});
        }
        List<Double> ratios = new ArrayList<>();
        if (json.has("aspect_ratios")) {
            json.get("aspect_ratios").getAsJsonArray().forEach(ratio -> ratios.add(number(ratio)));
        } else {
            ratios.addAll(List.of(1.0, 2.0, 0.5, 3.0, 1 / 3.0));
        }
        return new Priors(
                        maps,
                        json.has("minimum_scale") ? number(json.get("minimum_scale")) : 0.2,
                        json.has("maximum_scale") ? number(json.get("maximum_scale")) : 0.95,
                        ratios)
                .lay();
    }

    private static void refuseOthers(JsonObject json, Set<String> known) {
        for (String key : json.keySet()) {
            if (!known.contains(key)) {
                throw wrong("has the unknown key '" + key + "'");
            }
        }
    }

    private static boolean truth(JsonElement value) {
        if (!value.getAsJsonPrimitive().isBoolean()) {
            throw wrong("has " + value + " where true or false should be");
        }
        return value.getAsBoolean();
    }

    private static double number(JsonElement value) {
        if (!value.getAsJsonPrimitive().isNumber()) {
            throw wrong("has " + value + " where a number should be");
        }
        return value.getAsDouble();
    }

    private static int whole(JsonElement value) {
        double number = number(value);
        if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
            throw wrong("has " + value + " where a whole number should be");
        }
        return (int) number;
    }

    private static float[] floats(JsonArray array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) number(array.get(i));
        }
        return values;
    }

    private static <E extends Enum<E>> E choice(Class<E> type, JsonElement value) {
        String text = value.getAsJsonPrimitive().isString() ? value.getAsString() : "";
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> lower(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> wrong("has " + value + " where one of "
                        + String.join(
                                ", ",
                                Arrays.stream(type.getEnumConstants())
                                        .map(DecodeJson::lower)
                                        .toList())
                        + " should be"));
    }

    private static WindhoverException wrong(String clause) {
        return new WindhoverException("The decode description " + clause + "; mend it.");
    }
}
