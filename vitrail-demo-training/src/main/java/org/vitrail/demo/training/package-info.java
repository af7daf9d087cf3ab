/** Trains the demo model with DJL and PyTorch; knows nothing of quantization, and nothing in Vitrail knows of it. */
package org.vitrail.demo.training;
