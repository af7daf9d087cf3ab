/** Runs long work on a fixed number of threads and reports its progress. Knows nothing of what the work is. */
package org.vitrail.work;
