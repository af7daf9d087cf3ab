package org.vitrail.image;

import java.util.Locale;

/**
 * Outlines of the objects that {@link DrawnImages} draws, each as a signed distance: negative inside, positive outside,
 * about the distance of the point from the outline. The formulas are Inigo Quilez' for two dimensions. All outlines are
 * centred on the origin, about as large as the disc of radius 1, and upright when y grows upwards.
 */
public enum DrawnShape {
    DISC,
    SQUARE,
    TRIANGLE,
    STAR,
    HEART,
    CROSS;

    private static final double ROOT_3 = Math.sqrt(3);

    /** The name for users, as in {@code star}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The signed distance from (x, y) to the outline. */
    double distance(double x, double y) {
        return switch (this) {
            case DISC -> length(x, y) - 1;
            case SQUARE -> box(x, y, 0.88, 0.88);
            case TRIANGLE -> triangle(x, y + 0.12, 1.12);
            case STAR -> 1.22 * star(x / 1.22, y / 1.22);
            case HEART -> 1.8 * heart(x / 1.8, y / 1.8 + 0.55);
            case CROSS -> Math.min(box(x, y, 1.08, 0.38), box(x, y, 0.38, 1.08));
        };
    }

    private static double box(double x, double y, double halfWidth, double halfHeight) {
        double dx = Math.abs(x) - halfWidth;
        double dy = Math.abs(y) - halfHeight;
        return length(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0);
    }

    /** An equilateral triangle of side 2 × half. */
    private static double triangle(double px, double py, double half) {
        double x = Math.abs(px) - half;
        double y = py + half / ROOT_3;
        if (x + ROOT_3 * y > 0) {
            double oldX = x;
            x = (oldX - ROOT_3 * y) / 2;
            y = (-ROOT_3 * oldX - y) / 2;
        }
        x -= clamp(x, -2 * half, 0);
        return -length(x, y) * Math.signum(y);
    }

    /** A star with five points on the unit circle and the notches at 0.45 of the edge's length. */
    private static double star(double px, double py) {
        double cos36 = 0.809016994375;
        double sin36 = 0.587785252292;
        double x = Math.abs(px);
        double y = py;
        double mirrored = 2 * Math.max(cos36 * x - sin36 * y, 0);
        x -= mirrored * cos36;
        y += mirrored * sin36;
        mirrored = 2 * Math.max(-cos36 * x - sin36 * y, 0);
        x += mirrored * cos36;
        y += mirrored * sin36;
        x = Math.abs(x);
        y -= 1;
        double edgeX = 0.45 * sin36;
        double edgeY = 0.45 * cos36 - 1;
        double along = clamp((x * edgeX + y * edgeY) / (edgeX * edgeX + edgeY * edgeY), 0, 1);
        return length(x - edgeX * along, y - edgeY * along) * Math.signum(y * edgeX - x * edgeY);
    }

    /** A heart with its tip at the origin, about 1.1 high. */
    private static double heart(double px, double y) {
        double x = Math.abs(px);
        if (x + y > 1) {
            return length(x - 0.25, y - 0.75) - Math.sqrt(2) / 4;
        }
        double diagonal = Math.max(x + y, 0) / 2;
        return Math.min(length(x, y - 1), length(x - diagonal, y - diagonal)) * Math.signum(x - y);
    }

    private static double length(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }

    private static double clamp(double value, double low, double high) {
        return Math.min(Math.max(value, low), high);
    }
}
