/** Vitrail's root: holds no code of its own; see ARCHITECTURE.md for the packages below and their order. */
package org.vitrail;
