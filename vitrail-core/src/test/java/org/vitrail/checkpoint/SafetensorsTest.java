package org.vitrail.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.VitrailException;

class SafetensorsTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("model.safetensors");
    }

    @Test
    void readsEveryFloatingTypeAsItWasWritten() {
        Map<String, Weight> weights = new LinkedHashMap<>();
        weights.put("single", Weight.ofFloats(new int[] {2, 2}, 1, -2, 0.5f, 3));
        weights.put("half", shorts(DataType.FLOAT16, Float.floatToFloat16(1.5f), Float.floatToFloat16(-2)));
        weights.put("brain", shorts(DataType.BFLOAT16, (short) 0x3FC0, (short) 0xC000));
        weights.put("empty", Weight.ofFloats(new int[] {0, 3}));
        weights.put("scalar", Weight.scalar(7));
        weights.put("long", Weight.ofLongs(new int[] {1}, 5));
        Safetensors opened = Safetensors.open(SafetensorsBytes.write(file(), weights));
        assertThat(opened.names()).containsExactlyElementsOf(weights.keySet());
        weights.forEach((name, weight) -> assertThat(opened.weight(name)).isEqualTo(weight));
        assertThat(opened.weight("half").toFloats()).containsExactly(1.5f, -2);
        assertThat(opened.weight("brain").toFloats()).containsExactly(1.5f, -2);
    }

    private static Weight shorts(DataType type, short... values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(values);
        return Weight.of(type, new int[] {values.length}, bytes);
    }

    @Test
    void handsOnTheMetadata() {
        Path file = SafetensorsBytes.write(file(), "{\"__metadata__\":{\"mean\":\"0.5\"}}");
        assertThat(Safetensors.open(file).metadata()).containsExactly(Map.entry("mean", "0.5"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ \"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}           | 12 bytes, but holds 8",
                "{ \"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}          | damaged or cut short",
                "{ \"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}           | overlap or leave a gap",
                "{ \"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}           | its tensors end at byte",
                "{ \"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}   | overlap",
                "{ \"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}           | two data_offsets",
                "{ \"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}          | two data_offsets",
                "{ \"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,1e99]}}        | two data_offsets",
                "{ \"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}             | two data_offsets",
                "{ \"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}                         | needs a shape",
                "{ \"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}          | not a valid extent",
                "{ \"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,8]}}         | not a valid extent",
                "{ \"a\":{\"dtype\":\"F32\",\"shape\":[2000000000,2000000000,2000000000],\"data_offsets\":[0,8]}}"
                        + "                                                                  | too large",
                "{ \"a\":{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}}           | \"F33\"",
                "{ \"a\":7}                                                                  | the type \"\"",
                "{ \"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}   | Duplicate",
                "[ 1 ]                                                                       | not a JSON object",
                "{ \"a\":                                                                    | not the JSON",
                "{} {}                                                                       | not the JSON",
            })
    void refusesABrokenHeaderAndSaysWhatIsWrong(String header, String message) {
        Path file = SafetensorsBytes.write(file(), header, new byte[8]);
        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("model.safetensors: ")
                .hasMessageContaining(message);
    }

    @Test
    void refusesAHeaderLongerThanTheFileOrThanIsSensible() throws IOException {
        byte[] short7 = new byte[7];
        byte[] absurd = {-1, -1, -1, -1, -1, -1, -1, 127, '{', '}'};
        for (byte[] bytes :
                new byte[][] {{}, short7, absurd, "some text, no tensors".getBytes(StandardCharsets.UTF_8)}) {
            Files.write(file(), bytes);
            assertThatThrownBy(() -> Safetensors.open(file()))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("not safetensors, or cut short");
        }
        Path large = SafetensorsBytes.write(file(), "{" + " ".repeat(17 << 20) + "}");
        assertThatThrownBy(() -> Safetensors.open(large)).hasMessageContaining("more than the 16777216 that are read");
    }

    @Test
    void refusesOrReadsWhateverAnAccidentMakesOfAFile() throws IOException {
        Map<String, Weight> weights = new LinkedHashMap<>();
        weights.put("a", Weight.ofFloats(new int[] {2, 3}, 1, 2, 3, 4, 5, 6));
        weights.put("b", Weight.ofLongs(new int[] {2}, 1, 2));
        byte[] good = Files.readAllBytes(SafetensorsBytes.write(file(), weights));
        Random random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 500; round++) {
            byte[] bytes = good.clone();
            for (int change = 0; change <= random.nextInt(3); change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Files.write(file(), bytes);
            try {
                Safetensors opened = Safetensors.open(file());
                opened.names().forEach(opened::weight);
            } catch (VitrailException e) {
                refused++;
                assertThat(e).hasMessageStartingWith(file() + ": ");
            }
        }
        assertThat(refused).isBetween(250, 499);
    }
}
