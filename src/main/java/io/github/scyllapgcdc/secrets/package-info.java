/**
 * Where credentials come from: Vault, through Camel's own {@code {{hashicorp:engine:secret#field}}} placeholders, the
 * reading of properties that hold such placeholders, and the looking for what was rotated. May use Camel, Kafka's interfaces for
 * log-ins, spring-vault and package config; knows no server but Vault.
 */
package io.github.scyllapgcdc.secrets;
