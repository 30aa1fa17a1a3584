/** Requests and answers of JSON over HTTP, for the beans that {@code platform-http:} routes call. Knows no feature. */
package io.github.scyllapgcdc.http;
