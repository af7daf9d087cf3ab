package org.vitrail.detection;

/**
 * COCO's twelve metrics for boxes, as pycocotools prints them; NaN where there is no object to be found.
 *
 * @param ap average precision, mean over IoU thresholds .50 to .95, classes and 101 recalls
 * @param ap50 average precision at IoU .50
 * @param ap75 average precision at IoU .75
 * @param apSmall average precision for objects below 32² pixels
 * @param apMedium average precision for objects of 32² to 96² pixels
 * @param apLarge average precision for objects above 96² pixels
 * @param ar1 average recall with one detection for each class and image
 * @param ar10 average recall with ten detections
 * @param ar100 average recall with a hundred detections
 * @param arSmall average recall for objects below 32² pixels, with a hundred detections
 * @param arMedium average recall for objects of 32² to 96² pixels, with a hundred detections
 * @param arLarge average recall for objects above 96² pixels, with a hundred detections
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
