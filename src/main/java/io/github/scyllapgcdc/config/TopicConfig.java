package io.github.scyllapgcdc.config;

/**
 * Of what shape the topics are that the source creates.
 *
 * @param partitions of a table's topic ({@code topic.partitions}); fixed once the topic exists, since the partition of a
 *     key depends on it
 * @param replicationFactor copies of each partition ({@code topic.replication.factor}); -1: the broker's default
 */
public record TopicConfig(int partitions, short replicationFactor) {
    public TopicConfig {
        Limits.between("topic.partitions", partitions, 1, 10_000, "partitions");
        if (replicationFactor != -1) {
            Limits.between("topic.replication.factor", replicationFactor, 1, 100, "copies, or -1");
        }
    }

    static TopicConfig of(Settings settings) {
        int replicationFactor = settings.integer("topic.replication.factor", 1);
        Limits.between("topic.replication.factor", replicationFactor, -1, 100, "copies");
        return new TopicConfig(settings.integer("topic.partitions", 3), (short) replicationFactor);
    }
}
