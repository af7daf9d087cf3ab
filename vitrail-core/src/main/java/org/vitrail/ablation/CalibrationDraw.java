package org.vitrail.ablation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.vitrail.image.ImageSource;
import org.vitrail.image.TolerantReader;
import org.vitrail.quantize.Provenance;

/**
 * One draw of calibration images.
 *
 * @param broken a sentence for each image that could not be read
 * @param imagesSha256 a hash of these images and of the evaluation images
 */
record CalibrationDraw(long seed, ImageSource calibration, List<String> broken, String imagesSha256) {
    /** Draws {@code count} readable images, or all where there are fewer. */
    static CalibrationDraw of(long seed, ImageSource images, int count, FloatRun reference) {
        ImageSource shuffled = images.shuffled(seed);
        TolerantReader reader = new TolerantReader(shuffled);
        ImageSource calibration = shuffled.select(reader.readable(count));
        return new CalibrationDraw(seed, calibration, reader.broken(), sha256(digest(calibration), reference.sha256()));
    }

    private static String digest(ImageSource images) {
        MessageDigest digest = Provenance.sha256();
        for (int i = 0; i < images.size(); i++) {
            digest.update(FloatRun.digest(images, i, images.image(i)));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns the hash of some texts. */
    static String sha256(String... parts) {
        byte[] all = String.join("\n", parts).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Provenance.sha256().digest(all));
    }
}
