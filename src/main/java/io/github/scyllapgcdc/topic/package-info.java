/** What several parts of the application need of Kafka topics: creating them, reading them. Knows nothing of what is in them. */
package io.github.scyllapgcdc.topic;
