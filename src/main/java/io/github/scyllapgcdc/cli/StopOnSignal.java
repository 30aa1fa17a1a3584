package io.github.scyllapgcdc.cli;

import java.util.Map;

/** Ctrl-C while a run is followed: the run goes on in the application, so that is asked to stop it. */
final class StopOnSignal implements AutoCloseable {
    private final AppClient app;
    private final String run;
    private final ReconcileProgress progress;
    private final Thread hook;

    private StopOnSignal(AppClient app, String run, ReconcileProgress progress) {
        this.app = app;
        this.run = run;
        this.progress = progress;
        this.hook = new Thread(this::stop, "stop-run");
    }

    static StopOnSignal of(AppClient app, String run, ReconcileProgress progress) {
        StopOnSignal stop = new StopOnSignal(app, run, progress);
        Runtime.getRuntime().addShutdownHook(stop.hook);
        return stop;
    }

    /** On standard error, also where there is no progress: nobody else says what became of the run. */
    void stop() {
        progress.close();
        try {
            app.post("/reconcile/stop", Map.of("id", run)).orRefusal();
            System.err.println("asked the application to stop run " + run
                    + "; the next run of the table goes on where it was, unless it is given --restart");
        } catch (CliException e) {
            System.err.println("cdc: run " + run + " could not be stopped: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it is at work
        }
    }
}
