/**
 * What the application is shipped with is consistent in itself and with the application: image, docker-compose.yml, manifests, scripts,
 * documents. No container engine is needed.
 */
package io.github.scyllapgcdc.ship;
