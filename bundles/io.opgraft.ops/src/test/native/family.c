/* An op library of a family: BASE is defined by one member, the others need it. */
#ifdef BASE
int family_base(void) { return VALUE; }
#else
extern int family_base(void);
int op_value(void) { return VALUE + family_base(); }
#endif
