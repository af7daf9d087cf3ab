/**
 * Fetches the files of a model from a Hugging Face hub into a cache, complete and verified, and finds them there again.
 * Names, sizes, redirects and contents from the network are untrusted. Knows file names, HTTP and checksums; knows
 * nothing of the contents of the files, of graphs or of images.
 */
package org.vitrail.hub;
