package io.github.scyllapgcdc.fault;

/** An error of our own, which knows what is to be done about it. */
public interface ClassifiedError {
    /** What is to be done. */
    ErrorClass errorClass();
}
