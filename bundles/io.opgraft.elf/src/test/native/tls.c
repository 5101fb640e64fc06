/* Thread-local storage whose place is fixed when the library is loaded. */
extern __thread int elsewhere __attribute__((tls_model("initial-exec")));

int tls_value(void) { return elsewhere; }
