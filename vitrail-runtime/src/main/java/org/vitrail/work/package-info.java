/** How long work is run: side by side on a fixed number of threads, and telling how far it is. Knows nothing of what is done. */
package org.vitrail.work;
