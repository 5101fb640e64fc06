/** Files on the disk: which of them belong together, and folders that go away. */
package io.opgraft.tools.internal.files;
