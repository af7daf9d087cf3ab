package org.vitrail.detection;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.vitrail.image.RgbImage;

/** Draws boxes on an image, each in the colour of its class and with a text at its top left corner. */
public final class BoxDrawing {
    /** The ratio of an image's side to the width of a line. */
    private static final int SIDE_TO_LINE_WIDTH_RATIO = 250;

    /**
     * The step in hue between neighbouring classes: the golden ratio of the colour circle, which gives them distant
     * colours.
     */
    private static final float GOLDEN_RATIO_HUE_STEP = 0.618034f;

    private BoxDrawing() {}

    /** A box with its class and the text drawn on it. */
    public record LabelledBox(int label, String text, Box box) {}

    /**
     * Returns the image with the boxes drawn, the last on top. Needs no screen; on a system without fonts no text is
     * written.
     */
    public static BufferedImage draw(RgbImage image, List<LabelledBox> boxes) {
        BufferedImage picture = image.toBufferedImage();
        int line = Math.max(2, Math.min(image.width(), image.height()) / SIDE_TO_LINE_WIDTH_RATIO);
        Graphics2D graphics = picture.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setStroke(new BasicStroke(line));
            for (LabelledBox box : boxes) {
                graphics.setColor(colour(box.label));
                graphics.draw(new Rectangle2D.Double(box.box.left(), box.box.top(), box.box.width(), box.box.height()));
            }
            if (hasFonts(graphics)) {
                graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 4 + 5 * line));
                boxes.forEach(box -> write(graphics, box, picture));
            }
        } finally {
            graphics.dispose();
        }
        return picture;
    }

    private static Color colour(int label) {
        return Color.getHSBColor(label * GOLDEN_RATIO_HUE_STEP, 0.85f, 0.85f);
    }

    /** Java's text needs the system's font libraries, which small containers lack. */
    private static boolean hasFonts(Graphics2D graphics) {
        try {
            return graphics.getFontMetrics(new Font(Font.SANS_SERIF, Font.BOLD, 12))
                            .stringWidth("a")
                    > 0;
        } catch (RuntimeException | LinkageError | InternalError e) {
            return false;
        }
    }

    /** Writes the text on a background of the box's colour, inside the image. */
    private static void write(Graphics2D graphics, LabelledBox box, BufferedImage picture) {
        FontMetrics font = graphics.getFontMetrics();
        int width = font.stringWidth(box.text) + font.charWidth(' ');
        int left = (int) Math.max(0, Math.min(picture.getWidth() - width, box.box.left()));
        int top = (int) Math.max(0, Math.min(picture.getHeight() - font.getHeight(), box.box.top()));
        graphics.setColor(colour(box.label));
        graphics.fillRect(left, top, width, font.getHeight());
        graphics.setColor(Color.WHITE);
        graphics.drawString(box.text, left + font.charWidth(' ') / 2, top + font.getAscent());
    }
}
