/* A library that an op library needs. */
int helper_value(void) { return VALUE; }
