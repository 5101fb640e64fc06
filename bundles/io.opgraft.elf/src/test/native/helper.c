/* A helper library: one function, its own SONAME. */
int helper_value(void) { return VALUE; }
