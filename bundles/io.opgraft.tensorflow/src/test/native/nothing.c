/* A library that registers nothing at all. */
int nothing_here = 1;
