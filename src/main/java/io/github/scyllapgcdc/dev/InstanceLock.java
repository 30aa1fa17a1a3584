package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Lets one stack at a time use a folder. The operating system gives the lock up when its holder ends, however it ends. */
final class InstanceLock implements AutoCloseable {
    private final FileLock lock;

    private InstanceLock(FileLock lock) {
        this.lock = lock;
    }

    /** @throws StackException when another process holds it; the message names that process */
    static InstanceLock acquire(Path folder) {
        Path holder = folder.resolve("pid");
        try {
            Files.createDirectories(folder);
            // The process id is in a file of its own: on some systems a locked file cannot be read
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                String pid = Files.exists(holder) ? Files.readString(holder).strip() : "unknown";
                throw new StackException("./cdc dev is already running in this checkout (process " + pid
                        + "); stop that one first, with Ctrl-C or kill " + pid);
            }
            Files.writeString(holder, Long.toString(ProcessHandle.current().pid()), StandardCharsets.US_ASCII);
            return new InstanceLock(lock);
        } catch (IOException e) {
            throw new StackException("Cannot lock " + folder + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            lock.acquiredBy().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
