package io.github.scyllapgcdc.ops;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The texts of a folder's files with a given suffix, and when to look at them again: the file system tells of changes
 * where it can, and the folder is looked at in intervals everywhere, since network and container mounts tell nothing.
 */
final class FolderWatch implements AutoCloseable {
    /** A file is taken once it stayed the same for so long; editors write in several steps. */
    private static final Duration QUIET = Duration.ofMillis(100);

    private static final int MOST_LOOKS = 20;

    private final Path folder;
    private final String suffix;
    private final Duration interval;
    private final WatchService watcher;
    private WatchKey key;

    FolderWatch(Path folder, String suffix, Duration interval) throws IOException {
        this.folder = folder;
        this.suffix = suffix;
        this.interval = interval;
        this.watcher = folder.getFileSystem().newWatchService();
    }

    /** Waits for a sign of change, or for the interval to pass. */
    void await() throws InterruptedException {
        register();
        try {
            WatchKey signalled = watcher.poll(interval.toMillis(), TimeUnit.MILLISECONDS);
            if (signalled != null) {
                signalled.pollEvents();
                signalled.reset();
            }
        } catch (ClosedWatchServiceException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The files' texts by name, in a state that did not change for a moment; nothing when there is no such folder. */
    Map<String, String> settled() throws IOException, InterruptedException {
        Map<String, String> before = texts();
        for (int look = 0; look < MOST_LOOKS; look++) {
            TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
            Map<String, String> now = texts();
            if (now.equals(before)) {
                return now;
            }
            before = now;
        }
        return before;
    }

    /** The files' texts by name, as they are now. */
    Map<String, String> texts() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return texts;
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> matching = files.filter(
                            file -> file.getFileName().toString().endsWith(suffix))
                    .toList();
            for (Path file : matching) {
                try {
                    texts.put(file.getFileName().toString(), Files.readString(file));
                } catch (NoSuchFileException e) {
                    // deleted since the listing
                }
            }
        }
        return texts;
    }

    /** The folder may be created, or be replaced by another, at any time. */
    private void register() {
        if (key != null && key.isValid()) {
            return;
        }
        try {
            key = folder.register(
                    watcher,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException e) {
            key = null; // the interval alone has to do
        }
    }

    @Override
    public void close() throws IOException {
        watcher.close();
    }
}
