/**
 * Where credentials come from: Vault, through Camel's own {@code {{hashicorp:engine:secret#field}}} placeholders, and
 * the reading of properties that hold such placeholders. May use Camel and package config; holds no secret longer than
 * it takes to hand it on.
 */
package io.github.scyllapgcdc.secrets;
