/* Its exported function is the tail of its helper's file name, so that linkers keep one string for both. */
extern int helper_value(void);
int twin(void) { return helper_value(); }
