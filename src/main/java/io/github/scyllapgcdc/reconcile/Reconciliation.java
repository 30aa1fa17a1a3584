package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.event.TableId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Runs of all tables: begins them, knows those that are under way and those that were. May be used by several threads. */
public interface Reconciliation {

    /**
     * Begins a run, or takes up again the one of the table that was cut short, under that one's id and options. It goes on by
     * itself; whatever goes wrong then is told by its status.
     *
     * @return the run as it stands
     * @throws RunRefusedException if the table is not replicated here, another run of it is under way in any instance, or the
     *     log no longer has what the run would need
     * @throws RowReadException if a server is away, here as in the other methods
     */
    RunStatus begin(ReconcileRequest request);

    /** Waits until a run of this process has ended, and says how it did. */
    RunStatus await(UUID run) throws InterruptedException;

    /** A run by its id. */
    Optional<RunStatus> status(UUID run);

    /**
     * The latest runs, newest first.
     *
     * @param table null for all
     */
    List<RunStatus> runs(TableId table, int most);

    /**
     * Differences that a run found, oldest first.
     *
     * @param after those with a greater number alone; 0 for all
     */
    List<Difference> differences(UUID run, long after, int most);

    /** How each of these tables stands by what is on record of it. */
    List<TableStanding> standings(Collection<TableId> tables);

    /** Asks a run that is under way in this process to stop; false if there is none. */
    boolean stop(UUID run);
}
