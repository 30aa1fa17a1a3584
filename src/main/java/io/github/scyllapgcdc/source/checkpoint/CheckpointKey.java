package io.github.scyllapgcdc.source.checkpoint;

import java.util.Optional;

/** What a checkpoint record is about, and how its Kafka key spells that. Every key begins with the table's name. */
public sealed interface CheckpointKey {

    /** The table, {@code <keyspace>.<table>}. */
    String table();

    /** The table's topic as it was when the table was first published. */
    record Topic(String table) implements CheckpointKey {
        @Override
        public String toString() {
            return table + "/topic";
        }
    }

    /** Who runs a task of the table. */
    record Task(String table, int task) implements CheckpointKey {
        @Override
        public String toString() {
            return table + "/task/" + task;
        }
    }

    /**
     * How far all of a task's stream groups have come.
     *
     * @param generation the generation's start, milliseconds since 1970
     * @param tasks of how many tasks this one was; it says which groups were its own
     */
    record Watermark(String table, long generation, int tasks, int task) implements CheckpointKey {
        @Override
        public String toString() {
            return table + '/' + generation + "/watermark/" + tasks + '/' + task;
        }
    }

    /** How far one stream group has come inside a window. */
    record Group(String table, long generation, int group) implements CheckpointKey {
        @Override
        public String toString() {
            return table + '/' + generation + "/group/" + group;
        }
    }

    /** The last load of existing rows by a task. */
    record Load(String table, int tasks, int task) implements CheckpointKey {
        @Override
        public String toString() {
            return table + "/load/" + tasks + '/' + task;
        }
    }

    /** How far a task has served requests to read rows again. */
    record Refresh(String table, int tasks, int task) implements CheckpointKey {
        @Override
        public String toString() {
            return table + "/refresh/" + tasks + '/' + task;
        }
    }

    /** Reads a key; empty if it is of no kind known here, as a later version may write. */
    static Optional<CheckpointKey> parse(String text) {
        String[] parts = text.split("/", -1);
        try {
            if (parts.length == 2 && parts[1].equals("topic")) {
                return Optional.of(new Topic(parts[0]));
            }
            if (parts.length == 3 && parts[1].equals("task")) {
                return Optional.of(new Task(parts[0], Integer.parseInt(parts[2])));
            }
            if (parts.length == 4 && parts[1].equals("refresh")) {
                return Optional.of(new Refresh(parts[0], Integer.parseInt(parts[2]), Integer.parseInt(parts[3])));
            }
            if (parts.length == 4 && parts[1].equals("load")) {
                return Optional.of(new Load(parts[0], Integer.parseInt(parts[2]), Integer.parseInt(parts[3])));
            }
            if (parts.length == 5 && parts[2].equals("watermark")) {
                return Optional.of(new Watermark(
                        parts[0], Long.parseLong(parts[1]), Integer.parseInt(parts[3]), Integer.parseInt(parts[4])));
            }
            if (parts.length == 4 && parts[2].equals("group")) {
                return Optional.of(new Group(parts[0], Long.parseLong(parts[1]), Integer.parseInt(parts[3])));
            }
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
