/** Float arrays with shapes and the arithmetic on them; knows nothing of quantization, graphs or files. */
package org.vitrail.tensor;
