/** Creates Kafka topics that more than one part of the application needs. Knows nothing of what is in them. */
package io.github.scyllapgcdc.topic;
