/* Stands for an op library: one function whose result tells versions apart. */
#ifdef HELPER
extern int helper_value(void);
int op_value(void) { return VALUE + helper_value(); }
#else
int op_value(void) { return VALUE; }
#endif
