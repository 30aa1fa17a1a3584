package io.github.scyllapgcdc.sink;

/** The batch is not what comes next for its partitions: the consumer must connect again and seek to the stored offsets. */
public final class ResumeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ResumeException(String message) {
        super(message);
    }
}
