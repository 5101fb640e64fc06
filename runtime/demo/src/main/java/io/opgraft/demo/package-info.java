/** The demo: starts a server as a user would, sends requests to it and checks every number that comes back. */
package io.opgraft.demo;
