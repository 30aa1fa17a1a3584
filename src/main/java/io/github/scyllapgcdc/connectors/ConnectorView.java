package io.github.scyllapgcdc.connectors;

import io.github.scyllapgcdc.ops.RouteState;
import io.github.scyllapgcdc.ops.RouteState.State;
import java.util.List;
import java.util.OptionalLong;

/**
 * How a connector stands in this instance.
 *
 * @param paused whether it is to be paused; its tasks follow within a second
 * @param tasks its routes, by the number of the task
 * @param recordsPerSecond changes published or applied a second, over the last ten seconds
 * @param changes published or applied since the application started
 * @param failures attempts that failed since then
 * @param deadLetters changes that became dead letters since then
 * @param lagMillis how far the task that is furthest behind is; empty while not known
 */
public record ConnectorView(
        Connector connector,
        boolean paused,
        List<RouteState> tasks,
        double recordsPerSecond,
        long changes,
        long failures,
        long deadLetters,
        OptionalLong lagMillis) {

    public ConnectorView {
        tasks = List.copyOf(tasks);
    }

    /** The worst of its tasks' states. */
    public State state() {
        List<State> worstFirst = List.of(State.FAILED, State.STARTING, State.RUNNING, State.PAUSED, State.DISABLED);
        return worstFirst.stream()
                .filter(state -> tasks.stream().anyMatch(task -> task.state() == state))
                .findFirst()
                .orElse(State.STARTING);
    }

    /** Whether all of its tasks are as they are meant to be. */
    public boolean up() {
        return tasks.stream().allMatch(RouteState::up);
    }
}
