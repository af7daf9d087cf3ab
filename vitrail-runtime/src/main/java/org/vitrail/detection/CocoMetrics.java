package org.vitrail.detection;

/**
 * COCO's twelve numbers for boxes, as pycocotools prints them; NaN where there is no object to be found.
 *
 * @param ap average precision, mean over IoU thresholds .50 to .95, classes and 101 recalls
 * @param ap50 at IoU .50
 * @param ap75 at IoU .75
 * @param apSmall of objects below 32² pixels
 * @param apMedium of objects of 32² to 96² pixels
 * @param apLarge of objects above 96² pixels
 * @param ar1 average recall with one detection a class and picture
 * @param ar10 with ten
 * @param ar100 with a hundred
 * @param arSmall of objects below 32² pixels, with a hundred
 * @param arMedium of objects of 32² to 96² pixels
 * @param arLarge of objects above 96² pixels
 */
public record CocoMetrics(
        double ap,
        double ap50,
        double ap75,
        double apSmall,
        double apMedium,
        double apLarge,
        double ar1,
        double ar10,
        double ar100,
        double arSmall,
        double arMedium,
        double arLarge) {}
