package io.github.scyllapgcdc.source.checkpoint;

import java.math.BigInteger;

/**
 * One of the tasks that a table is shared among.
 *
 * @param task its number, from 0
 * @param tasks how many there are
 */
public record TaskShare(int task, int tasks) {
    public TaskShare {
        if (tasks < 1 || task < 0 || task >= tasks) {
            throw new IllegalArgumentException("task=" + task + " and tasks=" + tasks
                    + " are refused: tasks counts from 1, task from 0 up to tasks - 1");
        }
    }

    /** Whether a stream group is this task's to read. */
    public boolean owns(int group) {
        return owns(task, tasks, group);
    }

    /** Whether there can be stream groups that belong to both, as shares of different task sets. */
    boolean overlaps(TaskShare other) {
        int common =
                BigInteger.valueOf(tasks).gcd(BigInteger.valueOf(other.tasks)).intValue();
        return Math.floorMod(task, common) == Math.floorMod(other.task, common);
    }

    static boolean owns(int task, int tasks, int group) {
        return Math.floorMod(group, tasks) == task;
    }
}
