/**
 * What the application is configured to do: immutable records, read once at start from the properties through {@link
 * io.github.scyllapgcdc.config.Settings} and validated where they are made. A wrong value ends the process with one line
 * that names its property. Imports nothing but the JDK.
 */
package io.github.scyllapgcdc.config;
