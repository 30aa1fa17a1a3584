/** What the pipeline's parts tell about themselves, for health and metrics. Imports nothing but the JDK. */
package io.github.scyllapgcdc.status;
