/**
 * Fetches the files of a model from a Hugging Face hub into a cache, whole and checked, and finds them there again.
 * What comes over the network is untrusted: names, sizes, redirects and contents. Knows file names, HTTP and checksums;
 * knows nothing of what is in the files, of graphs or of images.
 */
package org.vitrail.hub;
